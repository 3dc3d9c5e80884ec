package org.cytolake.illumination;

import java.io.Serializable;
import java.util.List;

/**
 * What an illumination function is of.
 *
 * @param group values of the groups in which images agree
 * @param channel index of the channel
 * @param pixelType OME's name
 */
public record FunctionKey(List<String> group, int channel, String pixelType)
    implements Serializable {
  public FunctionKey {
    group = List.copyOf(group);
  }
}
