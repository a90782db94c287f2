package org.imgblstr.disk.identity;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Identifiers in a text: where they stand, and other ones of the same length in their place. Source: docs/identity.md, section 3. */
public final class References {
    /** How systemd writes a hyphen in the name of a unit. */
    private static final String ESCAPED_HYPHEN = "\\x2d";

    /** From this length on nothing else looks like an identifier, so that it may stand within a longer name: {@code gnulinux-6.1-advanced-UUID}. */
    private static final int LONG_CHARS = 32;

    private final Pattern pattern;

    /** {@code ids}: in any case of letters. */
    public References(Collection<String> ids) {
        // The longer ones first, so that none hides one that it begins.
        String any = ids.stream()
                .filter(id -> !id.isEmpty())
                .sorted((left, right) -> right.length() - left.length())
                .map(References::pattern)
                .collect(Collectors.joining("|"));
        this.pattern = Pattern.compile(any.isEmpty() ? "(?!)" : any, Pattern.CASE_INSENSITIVE);
    }

    private static String pattern(String id) {
        String text = Pattern.quote(id).replace("-", "\\E(?:-|\\\\x2d)\\Q");
        return id.length() >= LONG_CHARS
                ? "(?<![0-9a-z])" + text + "(?![0-9a-z])"
                : "(?:(?<=uuid-)|(?<![0-9a-z-]))" + text + "(?![0-9a-z-])";
    }

    /** The identifiers that stand in a text, in small letters. */
    public Set<String> in(String text) {
        Set<String> found = new HashSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(plain(matcher.group()));
        }
        return found;
    }

    /**
     * A text of the same length, in which other identifiers stand.
     *
     * @param changes new ones by old ones, these in small letters; an identifier that is not here stays
     */
    public String rewritten(String text, Map<String, String> changes) {
        return pattern.matcher(text).replaceAll(match -> {
            String old = match.group();
            String changed = changes.get(plain(old));
            return Matcher.quoteReplacement(changed == null ? old : alike(old, changed));
        });
    }

    private static String plain(String found) {
        return found.toLowerCase(Locale.ROOT).replace(ESCAPED_HYPHEN, "-");
    }

    /** The new identifier with the letters and hyphens of the old one; one of LVM has small and capital letters, which differ. */
    private static String alike(String old, String changed) {
        String digits = old.replace(ESCAPED_HYPHEN, "");
        String text = changed;
        boolean hasSmall = !digits.equals(digits.toUpperCase(Locale.ROOT));
        boolean hasCapital = !digits.equals(digits.toLowerCase(Locale.ROOT));
        if (hasCapital && !hasSmall) {
            text = changed.toUpperCase(Locale.ROOT);
        } else if (hasSmall && !hasCapital) {
            text = changed.toLowerCase(Locale.ROOT);
        }
        return old.contains(ESCAPED_HYPHEN) ? text.replace("-", ESCAPED_HYPHEN) : text;
    }
}
