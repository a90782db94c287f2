package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionControlTest {
    @Test
    void whoIsMissingIsNamedAsFarAsAPersonReads() {
        List<String> room = IntStream.rangeClosed(1, 25).mapToObj(i -> "pc" + i).toList();

        assertThat(SessionControl.absent(2, List.of("pc03", "pc11"))).isEqualTo("2 missing: pc03, pc11");
        assertThat(SessionControl.absent(3, List.of())).as("there is no list").isEqualTo("3 missing");
        assertThat(SessionControl.absent(25, room))
                .startsWith("25 missing: pc1, ")
                .endsWith("pc20 and 5 more");
    }
}
