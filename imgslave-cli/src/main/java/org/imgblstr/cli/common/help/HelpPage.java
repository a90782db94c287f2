package org.imgblstr.cli.common.help;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The text of {@code --help}: options under headings, then examples and exit codes. */
final class HelpPage extends Help {
    private static final String OTHER = "Other";

    private final Manual manual;

    private HelpPage(CommandSpec command, ColorScheme colors) {
        super(command, colors);
        this.manual = Manual.of(command);
    }

    /** As its superclass, because the JVM would load this class to check that a caller may return it as that. */
    static Help of(CommandSpec command, ColorScheme colors) {
        return new HelpPage(command, colors);
    }

    /** The options that a user sees, each below its heading; what the manual does not name comes last. */
    static Map<String, List<OptionSpec>> groups(CommandSpec command, Manual manual) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        List<OptionSpec> left = new ArrayList<>(
                command.options().stream().filter(option -> !option.hidden()).toList());
        manual.optionGroups().forEach((heading, names) -> {
            List<OptionSpec> group = new ArrayList<>();
            for (String name : names) {
                OptionSpec option = command.findOption(name);
                if (option != null && left.remove(option)) {
                    group.add(option);
                }
            }
            groups.put(heading, group);
        });
        if (!left.isEmpty()) {
            groups.put(groups.isEmpty() ? "Options" : OTHER, left);
        }
        return groups;
    }

    @Override
    public String optionList() {
        StringBuilder text = new StringBuilder();
        groups(commandSpec(), manual).forEach((heading, options) -> {
            Layout layout =
                    createDefaultLayout(commandSpec().options(), commandSpec().positionalParameters(), colorScheme());
            layout.addOptions(options, parameterLabelRenderer());
            text.append(String.format("%n%s:%n%s", heading, layout));
        });
        return text.toString();
    }

    @Override
    public String parameterList() {
        String parameters = super.parameterList();
        return parameters.isEmpty() ? "" : String.format("%n%s", parameters);
    }

    @Override
    public String commandListHeading(Object... params) {
        return commandSpec().subcommands().isEmpty() ? "" : String.format("%nCommands:%n");
    }

    @Override
    public String footer(Object... params) {
        StringBuilder text = new StringBuilder(super.footer(params));
        List<String> examples = manual.section(Manual.EXAMPLES);
        if (!examples.isEmpty()) {
            text.append(String.format("%nExamples:%n"));
            examples.forEach(line -> text.append(String.format("  %s%n", line)));
        }
        List<String> codes = manual.section(Manual.EXIT_STATUS);
        if (!codes.isEmpty()) {
            text.append(String.format("%nExit codes:%n"));
            wrapped(codes).forEach(line -> text.append(String.format("  %s%n", line)));
        }
        return text.toString();
    }

    /** Parts with commas between them, in lines that fit. A part is never divided. */
    private static List<String> wrapped(List<String> parts) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i) + (i + 1 < parts.size() ? "," : "");
            if (line.length() > 0 && line.length() + 1 + part.length() > HelpFactory.COLUMNS - 3) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(part);
        }
        lines.add(line.toString());
        return lines;
    }
}
