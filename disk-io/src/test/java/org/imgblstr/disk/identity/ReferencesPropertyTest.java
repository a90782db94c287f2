package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts at random, with identifiers of all kinds in them. */
class ReferencesPropertyTest {
    static Stream<Long> seeds() {
        return Stream.concat(Stream.of(1L, 2L, 3L), Stream.of(new Random().nextLong()));
    }

    /** Rewriting changes exactly the places of identifiers, keeps each length, and the way back gives the first text. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rewritingKeepsLengthsAndCanBeTakenBack(long seed) {
        Random random = new Random(seed);
        NewIds ids = new NewIds(random);
        for (int round = 0; round < 200; round++) {
            Map<String, String> there = changes(ids, random);
            Map<String, String> back = new HashMap<>();
            there.forEach((before, after) -> back.put(after.toLowerCase(Locale.ROOT), before));
            List<String> before = new ArrayList<>(there.keySet());
            String text = text(before, random);

            String rewritten = new References(there.keySet()).rewritten(text, there);

            assertThat(rewritten).hasSameSizeAs(text);
            assertThat(new References(there.keySet()).in(rewritten)).isEmpty();
            assertThat(new References(back.keySet()).rewritten(rewritten, back)).isEqualToIgnoringCase(text);
            assertThat(new References(there.keySet()).in(text)).isNotEmpty();
        }
    }

    /** Whatever a file holds, it comes back as it was when no identifier is in it. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyOtherBytesStay(long seed) {
        Random random = new Random(seed);
        Map<String, String> changes = changes(new NewIds(random), random);
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        String text = new String(noise, StandardCharsets.ISO_8859_1);

        String rewritten = new References(changes.keySet()).rewritten(text, changes);

        assertThat(rewritten.getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(noise);
    }

    private static Map<String, String> changes(NewIds ids, Random random) {
        Map<String, String> changes = new HashMap<>();
        for (int i = 0; i <= random.nextInt(6); i++) {
            String old = random.nextBoolean() ? ids.uuid() : ids.like("0000-0000");
            changes.put(old.toLowerCase(Locale.ROOT), ids.like(old));
        }
        return changes;
    }

    private static String text(List<String> ids, Random random) {
        List<String> frames =
                List.of("UUID=%", "\"%\"", "/dev/disk/by-uuid/%", "--fs-uuid % ", "by\\x2duuid-%.mount", "%");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String id = ids.get(random.nextInt(ids.size()));
            String spelled = random.nextBoolean() ? id.toUpperCase(Locale.ROOT) : id;
            String hyphened = random.nextInt(4) == 0 ? spelled.replace("-", "\\x2d") : spelled;
            text.append(frames.get(random.nextInt(frames.size())).replace("%", hyphened))
                    .append('\n');
            text.append(Integer.toHexString(random.nextInt())).append(" - ");
        }
        return text.toString();
    }
}
