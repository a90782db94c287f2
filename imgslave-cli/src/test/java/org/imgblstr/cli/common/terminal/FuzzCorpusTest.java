package org.imgblstr.cli.common.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.imgblstr.fuzz.FuzzTarget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what fuzzing has kept. Source: docs/testing.md, section "Fuzzing". */
class FuzzCorpusTest {
    static List<FuzzTarget> targets() throws IOException {
        return FuzzTarget.ofModule("imgslave-cli");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void noKeptInputDoesHarm(FuzzTarget target) throws Exception {
        assertThat(target.replay()).isPositive();
    }
}
