package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command, in the language of man(7), from what picocli knows of it: nobody has to keep it up by hand, and nothing else is
 * needed to make it. Used once.
 */
final class ManPage {
    private final CommandSpec spec;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandSpec spec) {
        this.spec = spec;
    }

    /** The page of {@code command}, ending in a line feed. */
    static String of(CommandLine command) throws IOException {
        ManPage page = new ManPage(command.getCommandSpec());
        page.head();
        page.description();
        page.arguments();
        page.commands();
        page.exitStatus();
        page.seeAlso();
        return page.page.toString();
    }

    /** The file name of the page: {@code imgblstr.1}, {@code imgblstr-disks.1}. */
    static String fileName(CommandSpec spec) {
        return name(spec) + ".1";
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private void head() throws IOException {
        String program = spec.root().name();
        request("TH " + name(spec).toUpperCase(Locale.ROOT) + " 1 \"\" \"" + program + " " + VersionProvider.version()
                + "\" \"" + program + "\"");
        section("NAME");
        String[] description = spec.usageMessage().description();
        String purpose = description.length == 0 ? "" : text(description[0]);
        line(escaped(name(spec)) + " \\- "
                + escaped(purpose.endsWith(".") ? purpose.substring(0, purpose.length() - 1) : purpose));
        section("SYNOPSIS");
        String synopsis = new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF)).synopsis(0);
        line(escaped(synopsis.strip().replaceAll("\\s+", " ")));
    }

    private void description() {
        section("DESCRIPTION");
        paragraphs(spec.usageMessage().description());
    }

    private void arguments() {
        List<PositionalParamSpec> positional =
                spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        List<OptionSpec> options =
                spec.options().stream().filter(o -> !o.hidden()).toList();
        if (!positional.isEmpty()) {
            section("ARGUMENTS");
            positional.forEach(parameter -> item(label(parameter), parameter));
        }
        if (!options.isEmpty()) {
            section("OPTIONS");
            options.forEach(option -> item(heading(option), option));
        }
    }

    private static String heading(OptionSpec option) {
        StringBuilder heading = new StringBuilder();
        for (String name : option.names()) {
            heading.append(heading.isEmpty() ? "" : ", ")
                    .append("\\fB")
                    .append(escaped(name))
                    .append("\\fR");
        }
        return option.arity().max() == 0 ? heading.toString() : heading + "=" + label(option);
    }

    private static String label(ArgSpec argument) {
        String more = argument.arity().max() > 1 ? "..." : "";
        return "\\fI" + escaped(argument.paramLabel()) + "\\fR" + more;
    }

    private void item(String heading, ArgSpec argument) {
        request("TP");
        line(heading);
        for (String part : argument.description()) {
            line(escaped(text(part)));
        }
    }

    private void commands() {
        List<CommandSpec> commands = visibleCommands(spec);
        if (commands.isEmpty()) {
            return;
        }
        section("COMMANDS");
        for (CommandSpec command : commands) {
            request("TP");
            line("\\fB" + escaped(command.name()) + "\\fR");
            line(escaped(text(String.join(" ", command.usageMessage().description()))));
        }
    }

    private void exitStatus() {
        String[] footer = spec.usageMessage().footer();
        if (footer.length > 0) {
            section("EXIT STATUS");
            paragraphs(footer);
        }
    }

    private void seeAlso() {
        List<CommandSpec> others = spec.parent() == null ? visibleCommands(spec) : List.of(spec.parent());
        if (others.isEmpty()) {
            return;
        }
        section("SEE ALSO");
        line(others.stream()
                .map(other -> "\\fB" + escaped(name(other)) + "\\fR(1)")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow());
    }

    private static List<CommandSpec> visibleCommands(CommandSpec spec) {
        return spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }

    /** Empty lines separate paragraphs. An indented line is printed as it is. */
    private void paragraphs(String[] lines) {
        boolean isBehindText = false;
        boolean isParted = false;
        for (String raw : lines) {
            String text = text(raw);
            if (text.isBlank()) {
                isParted = isBehindText;
                continue;
            }
            if (isParted) {
                request("PP");
            }
            paragraphLine(text);
            isBehindText = true;
            isParted = false;
        }
    }

    private void paragraphLine(String text) {
        if (text.startsWith(" ")) {
            request("nf");
            line(escaped(text));
            request("fi");
        } else {
            line(escaped(text));
        }
    }

    private void section(String title) {
        request("SH " + title);
    }

    private void request(String request) {
        page.append('.').append(request).append('\n');
    }

    /** One line of text. A line that begins with a dot or an apostrophe would be a command of troff, so it is escaped. */
    private void line(String text) {
        page.append(text.startsWith(".") || text.startsWith("'") ? "\\&" : "")
                .append(text)
                .append('\n');
    }

    /** The text as picocli would print it, with the marks of formats resolved and those of colours left out. */
    private static String text(String description) {
        return Ansi.OFF.string(String.format(description)).stripTrailing();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
