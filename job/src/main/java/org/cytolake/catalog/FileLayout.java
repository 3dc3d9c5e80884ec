package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/**
 * How instruments and their programs name the files of a plate. Each has one or more forms,
 * patterns as {@code --pattern} takes them over the path below the input; a form without a group
 * {@code channel} is of files that hold all channels. They are compared with names in public
 * documentation, data sets and programs that read them, which the test names; not with the vendors'
 * guides.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are never changed
enum FileLayout {
  /**
   * MetaXpress: {@code plate_A01_s1_w1.TIF}, or without the plate in its folder, also with a GUID,
   * a step in z and in TimePoint_n/ZStep_n.
   */
  IMAGEXPRESS(
      "(?:(?:.*/)?(?<plate>(?!TimePoint_|ZStep_)[^/]+)/)?(?:TimePoint_(?<timepoint>\\d+)/)?"
          + "(?:ZStep_(?<zstep>\\d+)/)?(?<well>[A-Z]{1,2}\\d{2})_s(?<field>\\d+)_w(?<channel>\\d)"
          + "(?:[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})?\\.tiff?",
      "(?:(?:.*/)?(?<plate>(?!TimePoint_)[^/]+)/)?(?:TimePoint_(?<timepoint>\\d+)/)?"
          + "(?<well>[A-Z]{1,2}\\d{2})_s(?<field>\\d+)_w(?<channel>\\d)_z(?<zstep>\\d+)\\.tiff?",
      "(?:.*?/)??(?:TimePoint_(?<timepoint>\\d+)/)?(?:ZStep_(?<zstep>\\d+)/)?(?<plate>[^/]+?)_"
          + "(?<well>[A-Z]{1,2}\\d{2})(?:_s(?<field>\\d+))?(?:_w(?<channel>\\d))?"
          + "(?:[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})?\\.tiff?"),
  /** Opera: {@code 001002003.flex}, row, column, field; all channels in one file. */
  OPERA("(?:(?:.*/)?(?<plate>[^/]+)/)?(?<row>\\d{3})(?<column>\\d{3})(?<field>\\d{3})\\.flex"),
  /**
   * Operetta before Harmony 4, and Columbus: {@code 001002-3-001001002.tif}, with field, time,
   * plane and channel. Which of time and plane comes first no source says for certain.
   */
  OPERETTA(
      "(?:(?:.*/)?(?<plate>[^/]+)/)?(?<row>\\d{3})(?<column>\\d{3})-(?<field>\\d+)-"
          + "(?<timepoint>\\d{3})(?<zstep>\\d{3})(?<channel>\\d{3})\\.tiff?"),
  /** Yokogawa CV7000, CV8000: {@code plate_A01_T0001F001L01A01Z01C01.tif}. */
  CELLVOYAGER(
      "(?:.*/)?(?<plate>[^/]+)_(?<well>[A-Z]{1,2}\\d{2})_T(?<timepoint>\\d{4})F(?<field>\\d{3,4})"
          + "L\\d{2}A\\d{2}Z(?<zstep>\\d{2,3})C(?<channel>\\d{2})\\.(?:tiff?|png)"),
  /**
   * IN Cell Analyzer: {@code A - 1(fld 1 wv DAPI - DAPI).tif}; 3000: {@code Channel1-01-A-01.tif}.
   */
  INCELL(
      "(?:(?:.*/)?(?<plate>[^/]+)/)?(?<row>[A-Z]{1,2}) - (?<column>\\d{1,2})\\((?:fld"
          + " (?<field>\\d+))?(?: ?wv (?<channel>[^()/]+?))?(?: z (?<zstep>\\d+))?(?: time"
          + " (?<timepoint>\\d+)[^()/]*)?\\)\\.tiff?",
      "(?:(?:.*/)?(?<plate>[^/]+)/)?Channel(?<channel>\\d+)-\\d+-(?<row>[A-P])-(?<column>\\d{2})"
          + "\\.(?:tiff?|bmp)"),
  /**
   * IncuCyte's export: {@code VID289_A1_1_00d04h00m.tif}, or with the date; the prefix is the
   * user's, and where it ends in a channel's usual name it tells the channel.
   */
  INCUCYTE(
      "(?:.*/)?(?:(?<plate>[^/]+?)_)?(?<channel>Phase|Green|Red|Orange|NIR)_(?<well>[A-P]\\d{1,2})_"
          + "(?<field>\\d+)_(?<timepoint>\\d+d\\d{2}h\\d{2}m|\\d{4}y\\d{2}m\\d{2}d_\\d{2}h\\d{2}m)"
          + "\\.(?:tiff?|png|jpe?g)",
      "(?:.*/)?(?<plate>[^/]+?)_(?<well>[A-P]\\d{1,2})_(?<field>\\d+)_"
          + "(?<timepoint>\\d+d\\d{2}h\\d{2}m|\\d{4}y\\d{2}m\\d{2}d_\\d{2}h\\d{2}m)"
          + "(?<channel>)\\.(?:tiff?|png|jpe?g)"),
  /** Harmony 4 and later, Operetta CLS and Opera Phenix: {@code r01c02f03p01-ch1sk1fk1fl1.tiff}. */
  HARMONY(
      "(?:(?:.*/)?(?<plate>[^/]+)/Images/|.*/)?r(?<row>\\d{2})c(?<column>\\d{2})f(?<field>\\d{2,4})"
          + "p(?<zstep>\\d{2,4})-ch(?<channel>\\d{1,2})sk(?<timepoint>\\d+)fk\\d+fl\\d+\\.tiff?"),
  /**
   * Micro-Manager: {@code img_000000000_DAPI_000.tif} and {@code
   * img_channel000_position000_time000000000_z000.tif} in folders of positions, and stacks {@code
   * name_MMStack_A1-Site_0.ome.tif} or {@code name_MMStack_1-Pos_000_001.ome.tif} with all
   * channels.
   */
  MICROMANAGER(
      "(?:(?:.*/)?(?<plate>[^/]+)/)?(?<well>[A-Z]{1,2}\\d{1,2})-Site_(?<field>\\d+)/"
          + "img_(?<timepoint>\\d{9})_(?<channel>[^/]+)_(?<zstep>\\d{3})\\.tiff?",
      "(?:(?:.*/)?(?<field>[^/]+)/)?img_(?<timepoint>\\d{9})_(?<channel>[^/]+)_(?<zstep>\\d{3})"
          + "\\.tiff?",
      "(?:(?:.*/)?(?<plate>[^/]+)/[^/]+/|.*/)?img_channel(?<channel>\\d{3})_position(?<field>\\d{3})"
          + "_time(?<timepoint>\\d{9})_z(?<zstep>\\d{3})\\.tiff?",
      "(?:.*/)?(?<plate>[^/]+)_MMStack_(?:\\d+-)?(?<well>[A-Z]{1,2}\\d{1,2})-Site_(?<field>\\d+)"
          + "(?:_\\d+)?\\.ome\\.tiff?",
      "(?:.*/)?(?<plate>[^/]+)_MMStack_(?<field>(?:\\d+-)?Pos_?\\d+(?:_\\d{3})?)\\.ome\\.tiff?"),
  /**
   * Agilent BioTek Cytation, Gen5: {@code A1_01_1_1_DAPI_001.tif}, with the step, the channel's
   * number, the field, the channel and the read.
   */
  CYTATION(
      "(?:(?:.*/)?(?<plate>[^/]+)/)?(?<well>[A-Z]{1,2}\\d{1,2})_\\d{2}_\\d+_(?<field>\\d+)_"
          + "(?<channel>[^/]+?)_(?<timepoint>\\d{3})\\.tiff?"),
  /** Thermo CellInsight, Cellomics ArrayScan: {@code MFGTMP_140206180002_A01f00d0.TIF}. */
  CELLINSIGHT(
      "(?:.*/)?(?<plate>[^/]+)_(?<well>[A-Z]{1,2}\\d{2})f(?<field>\\d{2,3})d(?<channel>\\d)"
          + "\\.(?:tiff?|png|c01)"),
  /**
   * Yokogawa CQ1, CQ3000: {@code plate/Image/W0001F0001T0001Z001C1.tif}; the well is a number,
   * whose place depends on the plate. The projections beside the images are left out.
   */
  CQ1(
      "(?:(?:.*/)?(?<plate>(?!Projection/|Image/)[^/]+)/(?:Image/)?)?W(?<wellnumber>\\d{4})F(?<field>\\d{4})"
          + "T(?<timepoint>\\d{4})Z(?<zstep>\\d{3})C(?<channel>\\d)\\.tiff?"),
  /**
   * Olympus scanR: {@code A1--W00001--P00002--Z00000--T00000--DAPI.tif}, with the well's number and
   * the position in it; without a plate's wells {@code --W00001--P00002...}.
   */
  SCANR(
      "(?:(?:.*/)?(?<plate>(?!data/)[^/]+)/(?:data/)?)?(?<well>[A-Z]{1,2}\\d{1,2})--W\\d{5}--P(?<field>\\d{5})"
          + "--Z(?<zstep>\\d{5})--T(?<timepoint>\\d{5})--(?<channel>[^/]+)\\.tiff?",
      "(?:(?:.*/)?(?<plate>(?!data/)[^/]+)/(?:data/)?)?--W(?<wellnumber>\\d{5})--P(?<field>\\d{5})"
          + "--Z(?<zstep>\\d{5})--T(?<timepoint>\\d{5})--(?<channel>[^/]+)\\.tiff?"),
  /**
   * Leica MatrixScreener: {@code image--L0000--S00--U00--V01--J08--E00--O00--X00--Y00--T0000--Z00--
   * C00.ome.tif}, with slide, chamber (well) and field by their places from 0, across and down.
   */
  LEICA(
      "(?:.*/)?(?:image|I)--L\\d+--S(?<slide>\\d+)--U(?<chamberx>\\d+)--V(?<chambery>\\d+)--J\\d+"
          + "--E\\d+--O\\d+--X(?<fieldx>\\d+)--Y(?<fieldy>\\d+)--T(?<timepoint>\\d+)--Z(?<zstep>\\d+)"
          + "--C(?<channel>\\d+)\\.ome\\.tiff?"),
  /** OME-TIFF a field, with all channels: {@code plate_A01_1.ome.tif}, {@code A01-s2.ome.tiff}. */
  OME(
      "(?:.*/)?(?:(?<plate>[^/]+?)[_-])??(?<well>[A-Z]{1,2}\\d{1,2})"
          + "(?:[_-](?:site|field|s|f)?[_-]?(?<field>\\d+))?\\.ome\\.tiff?");

  /** How the option says that the names are to tell. */
  static final String AUTO = "auto";

  private final List<String> forms;

  FileLayout(String... forms) {
    this.forms = Arrays.stream(forms).map(form -> "(?i)" + form).toList();
  }

  /** As options name it. */
  String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all, and {@link #AUTO}. */
  static String options() {
    return Arrays.stream(values()).map(FileLayout::option).collect(Collectors.joining(", "))
        + ", "
        + AUTO;
  }

  /**
   * What a layout makes of files.
   *
   * @param layout which
   * @param pattern that of its forms which matches the most files, without groups that say nothing
   * @param files how many match
   */
  record Proposal(FileLayout layout, FilePattern pattern, int files) {
    /** What to do where nothing else fits. */
    String advice() {
      return "--layout " + layout.option() + " fits " + files + " of them.";
    }
  }

  /**
   * The form that matches the most of the files; empty where none matches any.
   *
   * @param option a layout's name or {@link #AUTO}
   */
  static Optional<Proposal> propose(String option, List<FoundFile> files) {
    Optional<Proposal> best = Optional.empty();
    for (FileLayout layout : named(option)) {
      for (String form : layout.forms) {
        FilePattern pattern = FilePattern.ofLayout(form);
        int matched = 0;
        for (FoundFile file : files) {
          matched += pattern.match(file).isPresent() ? 1 : 0;
        }
        if (matched > best.map(Proposal::files).orElse(0)) {
          best = Optional.of(new Proposal(layout, pattern, matched));
        }
      }
    }
    return best.map(p -> new Proposal(p.layout, p.pattern.withoutEmpty(files), p.files));
  }

  /**
   * The layout of that name, or all for {@link #AUTO}.
   *
   * @throws CytolakeException (USAGE) where there is none
   */
  static List<FileLayout> named(String option) {
    if (option.equals(AUTO)) {
      return List.of(values());
    }
    List<FileLayout> named = new ArrayList<>();
    for (FileLayout layout : values()) {
      if (layout.option().equals(option)) {
        named.add(layout);
      }
    }
    if (named.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          "There is no layout '" + option + "'.",
          "Layouts are " + options() + ". For other names give --pattern.");
    }
    return named;
  }
}
