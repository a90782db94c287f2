package org.imgblstr.cli.common.help;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command, in the language of man(7), from its options and what the {@link Manual} says of it: nobody has to keep it up by
 * hand, and nothing else is needed to make it. Used once.
 */
final class ManPage {
    /** The sections behind the options, in the order of man-pages(7). Those that a command does not have are left out. */
    private static final List<String> LAST_SECTIONS = List.of("START RULES", "FILES", "ENVIRONMENT");

    private final CommandSpec spec;
    private final Manual manual;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandSpec spec) {
        this.spec = spec;
        this.manual = Manual.of(spec);
    }

    /** The page of {@code command}, ending in a line feed. */
    static String of(CommandLine command) {
        ManPage page = new ManPage(command.getCommandSpec());
        page.head();
        page.description();
        page.arguments();
        page.commands();
        page.examples();
        page.exitStatus();
        LAST_SECTIONS.forEach(page::items);
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

    private void head() {
        String program = spec.root().name();
        request("TH " + name(spec).toUpperCase(Locale.ROOT) + " 1 \"\" \"" + program + " " + version() + "\" \""
                + program + "\"");
        section("NAME");
        String[] description = spec.usageMessage().description();
        String purpose = description.length == 0 ? "" : text(description[0]);
        line(escaped(name(spec)) + " \\- "
                + escaped(purpose.endsWith(".") ? purpose.substring(0, purpose.length() - 1) : purpose));
        section("SYNOPSIS");
        String synopsis = new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF)).synopsis(0);
        line(escaped(synopsis.strip().replaceAll("\\s+", " ")));
    }

    /** The last word of what the program prints as its version. */
    private String version() {
        return spec.root().version()[0].replaceFirst(".* ", "");
    }

    private void description() {
        section("DESCRIPTION");
        paragraphs(Stream.concat(
                        Stream.of(spec.usageMessage().description()).map(ManPage::text),
                        Stream.concat(Stream.of(""), manual.section("DESCRIPTION").stream()))
                .toList());
    }

    private void arguments() {
        List<PositionalParamSpec> positional =
                spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        Map<String, List<OptionSpec>> groups = HelpPage.groups(spec, manual);
        if (!positional.isEmpty()) {
            section("ARGUMENTS");
            positional.forEach(parameter -> item(label(parameter), parameter));
        }
        section("OPTIONS");
        groups.forEach((title, options) -> {
            if (groups.size() > 1) {
                request("SS " + title);
            }
            options.forEach(option -> item(heading(option), option));
        });
    }

    private static String heading(OptionSpec option) {
        StringBuilder heading = new StringBuilder();
        for (String name : option.names()) {
            heading.append(heading.isEmpty() ? "" : ", ")
                    .append("\\fB")
                    .append(escaped(name))
                    .append("\\fR");
        }
        if (option.arity().max() == 0) {
            return heading.toString();
        }
        return option.arity().min() == 0 ? heading + "[=" + label(option) + "]" : heading + "=" + label(option);
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

    private void examples() {
        List<String> examples = manual.section(Manual.EXAMPLES);
        if (!examples.isEmpty()) {
            section(Manual.EXAMPLES);
            paragraphs(examples);
        }
    }

    private void exitStatus() {
        List<String> codes = manual.section(Manual.EXIT_STATUS);
        if (codes.isEmpty()) {
            return;
        }
        section(Manual.EXIT_STATUS);
        for (String code : codes) {
            int end = code.indexOf(' ');
            boolean isCode = Character.isDigit(code.charAt(0));
            request(isCode ? "TP" : "PP");
            if (isCode) {
                line(code.substring(0, end));
            }
            line(escaped(isCode ? code.substring(end + 1) : code));
        }
    }

    /** A section of text, or of words with what they mean indented below. */
    private void items(String title) {
        List<String> lines = manual.section(title);
        if (lines.isEmpty()) {
            return;
        }
        section(title);
        boolean hasItems = lines.stream().anyMatch(line -> line.startsWith(" "));
        for (String line : lines) {
            if (hasItems && !line.startsWith(" ")) {
                request("TP");
            }
            line(escaped(line.strip()));
        }
    }

    private void seeAlso() {
        List<CommandSpec> others = spec.parent() == null ? visibleCommands(spec) : List.of(spec.parent());
        List<String> names = Stream.concat(
                        manual.section("SEE ALSO").stream().map(line -> line.replaceFirst("\\(1\\)$", "")),
                        others.stream().map(ManPage::name))
                .map(name -> "\\fB" + escaped(name) + "\\fR(1)")
                .toList();
        if (!names.isEmpty()) {
            section("SEE ALSO");
            line(String.join(", ", names));
        }
    }

    private static List<CommandSpec> visibleCommands(CommandSpec spec) {
        return spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }

    /** Empty lines separate paragraphs. An indented line is printed as it is. */
    private void paragraphs(List<String> lines) {
        boolean isBehindText = false;
        boolean isParted = false;
        for (String text : lines) {
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
