package org.imgblstr.cli.common.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of {@code /etc/hosts}. */
final class HostsFile {
    private static final Pattern LINE = Pattern.compile("(?m)^[^#\\n]+");

    private HostsFile() {}

    /**
     * The same text, in which a machine has another name; comments stay. A name with a domain is found by its first part too, and keeps the
     * domain that the line says.
     */
    static String renamed(String text, String before, String after) {
        if (before.isEmpty() || firstPart(before).equalsIgnoreCase("localhost")) {
            return text;
        }
        Pattern name = Pattern.compile(
                "(?<=[ \\t])(?:(" + Pattern.quote(before) + ")(?=\\s|$)|" + Pattern.quote(firstPart(before))
                        + "(?=[.\\s]|$))",
                Pattern.CASE_INSENSITIVE);
        return LINE.matcher(text)
                .replaceAll(line -> Matcher.quoteReplacement(name.matcher(line.group())
                        .replaceAll(
                                found -> Matcher.quoteReplacement(found.group(1) == null ? firstPart(after) : after))));
    }

    private static String firstPart(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
