package org.imgblstr.disk.device;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Paths from names as the kernel tells them. A name is bytes in no particular encoding, and {@code Path.of(String)} takes only what the
 * locale of this process can say: under LANG=C nothing but ASCII. A path from a URI takes every byte.
 */
public final class FileNames {
    private FileNames() {}

    /** {@code name}: absolute. */
    public static Path path(byte[] name) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte value : name) {
            boolean isPlain = value == '/' || (value > 0 && Character.isLetterOrDigit(value));
            uri.append(
                    isPlain
                            ? String.valueOf((char) value)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(value));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** The bytes of a path, and a zero byte behind them, as system calls take it. */
    static byte[] terminated(Path path) {
        String uri = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < uri.length(); at++) {
            char next = uri.charAt(at);
            if (next == '%') {
                bytes.write(Integer.parseInt(uri, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.write(next);
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    /** As {@link #path(byte[])}, of UTF-8. */
    public static Path path(String name) {
        return path(name.getBytes(StandardCharsets.UTF_8));
    }
}
