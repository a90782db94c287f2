package org.imgblstr.sealing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A test vector out of a file in the folder vectors: lines {@code name = value}, vectors apart by an empty line. lab/vectors.py reads the same files. */
public record Vector(String file, Map<String, String> values) {
    /** All vectors of a file. */
    public static List<Vector> of(String file) {
        List<Vector> vectors = new ArrayList<>();
        for (String block : text(file).split("\n\n", -1)) {
            if (!block.startsWith("#")) {
                Map<String, String> values = new HashMap<>();
                block.lines()
                        .forEach(line -> values.put(
                                line.substring(0, line.indexOf('=')).strip(),
                                line.substring(line.indexOf('=') + 1).strip()));
                vectors.add(new Vector(file, values));
            }
        }
        return vectors;
    }

    private static String text(String file) {
        try (InputStream in = Vector.class.getResourceAsStream("/vectors/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public String word(String name) {
        return values.get(name);
    }

    public int number(String name) {
        return Integer.parseInt(values.get(name));
    }

    public byte[] bytes(String name) {
        return HexFormat.of().parseHex(values.get(name));
    }

    /** Whether a tag or a signature holds. */
    public boolean isGood() {
        return !"false".equals(values.get("verdict"));
    }

    @Override
    public String toString() {
        return file + ": " + values.getOrDefault("from", "");
    }
}
