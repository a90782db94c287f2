package org.imgblstr.sealing.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.sealing.primitive.Primitives;

/** Key files. The content of a file is a key or the one exception; a key that was read is written as the bytes that it was read from. */
public final class KeyFileFuzz {
    /** Those of Java come last: what libcrypto does is not to be seen by a fuzzer. */
    private static final Primitives PRIMITIVES =
            Primitives.all().get(Primitives.all().size() - 1);

    private static final byte[] CHECK = "check: ".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECK_DIGITS = 8;
    private static final long MOST_ALLOCATED_BYTES = 1 << 20;

    private KeyFileFuzz() {}

    /** Whether the check at the end is repaired, one byte; then the file. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean isRepaired = in.u8() % 2 == 1;
        byte[] file = in.rest();
        if (isRepaired) {
            repair(file);
        }
        byte[] before = file.clone();
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try (KeyFile key = KeyFile.parse(file, PRIMITIVES)) {
            require(Arrays.equals(key.content(PRIMITIVES), file), "a key is written otherwise than it was read");
        } catch (SecretException e) {
            require(!e.getMessage().isBlank() && !e.getMessage().contains("\n"), "a message of several lines");
        }
        budget.check();
        require(Arrays.equals(file, before), "the content was changed");
    }

    private static void repair(byte[] file) {
        int digits = file.length - 1 - CHECK_DIGITS;
        int at = digits - CHECK.length;
        if (at >= 0 && Arrays.equals(file, at, digits, CHECK, 0, CHECK.length)) {
            byte[] hash = PRIMITIVES.hashing().sha256(Arrays.copyOf(file, at));
            byte[] text = HexFormat.of().formatHex(hash, 0, CHECK_DIGITS / 2).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, file, digits, CHECK_DIGITS);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** A key file of each use. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        try (KeyFile master = KeyFile.create(PRIMITIVES, new Random(1)::nextBytes)) {
            for (KeyFile.Use use : KeyFile.Use.values()) {
                try (KeyFile key = master.as(use)) {
                    byte[] content = key.content(PRIMITIVES);
                    byte[] seed = new byte[content.length + 1];
                    seed[0] = 1;
                    System.arraycopy(content, 0, seed, 1, content.length);
                    seeds.add(seed);
                }
            }
        }
        return seeds;
    }
}
