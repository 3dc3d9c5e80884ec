package org.cytolake.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cytolake completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script that makes the shell complete commands, options and their values.",
      "It works for `cytolake` on the PATH and for any path to it, such as deploy/bin/cytolake."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # in ~/.bashrc",
      "  source <(deploy/bin/cytolake completion bash)",
      "  # in ~/.zshrc, after compinit",
      "  source <(deploy/bin/cytolake completion zsh)",
      "  # for all users",
      "  cytolake completion bash > /etc/bash_completion.d/cytolake"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells that the script is for. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "${COMPLETION-CANDIDATES}. One script serves both. Default: ${DEFAULT-VALUE}.")
  Shell shell;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(AutoComplete.bash("cytolake", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return Main.OK;
  }
}
