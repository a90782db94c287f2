package org.imgblstr.disk.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name that a file has until it is complete: the beginning of its own, then a part that nobody else can have chosen. It stays within
 * what Linux lets a name be long.
 */
final class PartialName {
    /** Bytes; linux/limits.h, NAME_MAX. */
    private static final int MOST_NAME_BYTES = 255;

    private static final String PARTIAL = ".partial-";
    private static final String COMPLETE = ".complete-";
    private static final Pattern OURS = Pattern.compile("(?s).*\\.partial-[0-9a-f]{16}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private PartialName() {}

    /** A new name beside {@code path}. */
    static Path of(Path path) {
        byte[] random = new byte[Long.BYTES];
        RANDOM.nextBytes(random);
        String suffix = HexFormat.of().formatHex(random);
        // The longer of both suffixes has to fit.
        String start = cut(path.getFileName().toString(), MOST_NAME_BYTES - COMPLETE.length() - suffix.length());
        return path.resolveSibling(start + PARTIAL + suffix);
    }

    /** The name of a complete file whose own name was taken meanwhile: it must not be mistaken for the rest of a run that died. */
    static Path complete(Path partial) {
        String name = partial.getFileName().toString();
        int at = name.lastIndexOf(PARTIAL);
        return partial.resolveSibling(name.substring(0, at) + COMPLETE + name.substring(at + PARTIAL.length()));
    }

    /** Whether a file is called as one that is not complete. */
    static boolean isPartial(Path path) {
        return OURS.matcher(path.getFileName().toString()).matches();
    }

    /** The beginning of a name, whole characters, in at most so many bytes of UTF-8. */
    private static String cut(String name, int mostBytes) {
        String start = name;
        while (start.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start;
    }
}
