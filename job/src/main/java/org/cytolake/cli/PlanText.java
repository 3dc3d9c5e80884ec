package org.cytolake.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.plan.RunPlan;
import org.cytolake.query.Printable;
import picocli.CommandLine.Help.Ansi.Style;

/** Says what a run would do. */
final class PlanText {
  private PlanText() {}

  static void print(RunPlan plan, Console console) {
    PrintWriter out = console.out().writer();
    if (!plan.images().isEmpty()) {
      printImages(plan, console.out());
    }
    for (Failure failure : plan.failures()) {
      out.println(
          console.out().styled("failed", Style.fg_red)
              + "  "
              + Printable.of(failure.image())
              + ": "
              + Printable.of(failure.message())
              + " "
              + failure.remedy());
    }
    out.printf(
        Locale.ROOT,
        "%d images would be analysed, %d are unchanged, %d fail (%d files seen, %d ignored)%n",
        plan.images().size(),
        plan.unchanged(),
        plan.failures().size(),
        plan.filesSeen(),
        plan.filesIgnored());
    if (plan.removed() > 0) {
      out.println("  removed   " + SummaryText.removed(plan.removed()));
    }
    long pixels = plan.images().stream().mapToLong(RunPlan.Planned::pixels).sum();
    if (pixels > 0) {
      out.printf(
          Locale.ROOT,
          "  pixels    %,d in channels %s%n  tasks     %,d in %,d %s%n",
          pixels,
          String.join(", ", plan.channels()),
          plan.tasks(),
          plan.batches(),
          plan.batches() == 1 ? "batch" : "batches");
    }
    out.println(
        "  tables    "
            + SummaryText.place(plan.output())
            + (plan.stored().isEmpty()
                ? ", which holds none yet"
                : ", which hold " + plan.stored().getAsInt() + " images"));
    out.println("Nothing was written.");
    out.flush();
  }

  private static void printImages(RunPlan plan, Console.Stream out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("image", "why", "size", "z", "t", "type", "files"));
    for (RunPlan.Planned planned : plan.images()) {
      Field field = planned.field();
      lines.add(
          List.of(
              Printable.of(field.image()),
              planned.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              field.sizeX() + " x " + field.sizeY(),
              Integer.toString(field.sizeZ()),
              Integer.toString(field.sizeT()),
              field.pixelType(),
              Integer.toString(field.files().size())));
    }
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        text.append(line.get(c));
        text.append(" ".repeat(c == widths.length - 1 ? 0 : widths[c] - line.get(c).length() + 2));
      }
      out.writer()
          .println(
              line == lines.get(0) ? out.styled(text.toString(), Style.bold) : text.toString());
    }
  }
}
