package org.imgblstr.cli.common.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.PlainText;

/** A host name with places for what differs: {@code lab-{index:02}}. Source: docs/identity.md, section 5. */
final class HostNamePattern implements HostNames {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern INDEX = Pattern.compile("index(?::0?([1-9]))?");

    /** What stands for what is not known yet. */
    private static final String UNKNOWN = "1";

    private final String pattern;

    private HostNamePattern(String pattern) {
        this.pattern = pattern;
    }

    /** {@code pattern}: literal text must be part of a host name. */
    static HostNamePattern parse(String pattern) {
        Matcher place = PLACE.matcher(pattern);
        while (place.find()) {
            String word = place.group(1);
            if (!INDEX.matcher(word).matches()
                    && !word.equals("mac")
                    && !word.equals("serial")
                    && !word.equals("label")) {
                throw CliException.usage(
                        "--hostname: expected {index}, {index:02}, {mac}, {serial} or {label}, found '{"
                                + PlainText.of(word) + "}'");
            }
        }
        String filled = place.reset().replaceAll(UNKNOWN);
        if (filled.contains("{") || filled.contains("}")) {
            throw CliException.usage("--hostname: expected a '}' for each '{', as in lab-{index}, found '"
                    + PlainText.of(pattern) + "'");
        }
        String unfit = HostNames.unfit(filled);
        if (!unfit.isEmpty()) {
            throw CliException.usage("--hostname: expected " + unfit + ", found '" + PlainText.of(pattern) + "'");
        }
        return new HostNamePattern(pattern);
    }

    @Override
    public String of(Machine machine) throws ToolException {
        StringBuilder name = new StringBuilder();
        Matcher place = PLACE.matcher(pattern);
        while (place.find()) {
            String value = value(place.group(1), machine);
            if (value.isEmpty()) {
                throw new ToolException("the host name cannot be made: " + place.group() + " is not known here");
            }
            place.appendReplacement(name, Matcher.quoteReplacement(value));
        }
        String made = place.appendTail(name).toString();
        String unfit = HostNames.unfit(made);
        if (!unfit.isEmpty()) {
            throw new ToolException(
                    "the host name cannot be made: expected " + unfit + ", found '" + PlainText.of(made) + "'");
        }
        return made;
    }

    private static String value(String word, Machine machine) {
        return switch (word) {
            case "mac" -> machine.mac().replace(":", "");
            case "serial" -> cleaned(machine.serial());
            case "label" -> cleaned(machine.label());
            default -> index(word, machine.index());
        };
    }

    private static String index(String word, int index) {
        Matcher format = INDEX.matcher(word);
        int digits = format.matches() && format.group(1) != null ? Integer.parseInt(format.group(1)) : 1;
        String text = Integer.toString(index);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static String cleaned(String text) {
        return text.replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("^[.-]+|[.-]+$", "");
    }

    @Override
    public void check(Machine machine) {
        if (pattern.contains("{serial}") && cleaned(machine.serial()).isEmpty()) {
            throw CliException.usage("--hostname: the disk has no serial number that {serial} could stand for");
        }
    }
}
