package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorUseTest {
    @TempDir
    private Path proc;

    private long nowNs = Long.MAX_VALUE - 100_000_000;

    @Test
    void whatWasDoneSinceTheLastLookIsTold() throws IOException {
        machine("cpu  100 0 100 1000 50 0 0 0 0 0\ncpu0 1 2 3\n");
        own(70, 7);
        ProcessorUse use = new ProcessorUse(proc, () -> nowNs);
        assertUse(use, 0, 1);
        // 20 of 80 ticks were idle or waited for disks, 40 were ours
        machine("cpu  130 10 110 1010 60 5 5 0 7 7\n");
        own(105, 12);
        nowNs += 100_000_000;
        assertUse(use, 0, 1);
        nowNs += 100_000_000;
        assertUse(use, 0.25, 0.25);
        machine("cpu  130 10 110 1110 60 5 5 0 7 7\n");
        nowNs += 200_000_000;
        assertUse(use, 1, 0);
    }

    @Test
    void timeThatStandsStillOrStepsBackIsNoIdleTime() throws IOException {
        machine("cpu  100 0 100 1000 50 0 0 0 0 0\n");
        own(0, 0);
        ProcessorUse use = new ProcessorUse(proc, () -> nowNs);
        nowNs += 200_000_000;
        assertUse(use, 0, 1);
        machine("cpu  110 0 100 990 55 0 0 0 0 0\n");
        nowNs += 200_000_000;
        assertUse(use, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "cpu 1 2 3\n", "mem 1 2 3 4 5 6 7 8 9 10\n", "cpu a b c d e f g h\n"})
    void whatDoesNotTellIsNoIdleTime(String content) throws IOException {
        machine("cpu  100 0 100 1000 50 0 0 0 0 0\n");
        own(0, 0);
        ProcessorUse use = new ProcessorUse(proc, () -> nowNs);
        machine(content);
        nowNs += 200_000_000;
        assertUse(use, 0, 1);
        Files.delete(proc.resolve("self/stat"));
        nowNs += 200_000_000;
        assertUse(use, 0, 1);
    }

    @Test
    void thisMachineTells() {
        ProcessorUse use = new ProcessorUse();
        use.update();
        assertThat(use.idle()).isBetween(0.0, 1.0);
        assertThat(use.others()).isBetween(0.0, 1.0);
    }

    private void assertUse(ProcessorUse use, double idle, double others) {
        use.update();
        assertThat(use.idle()).isEqualTo(idle, within(1e-9));
        assertThat(use.others()).isEqualTo(others, within(1e-9));
    }

    private void machine(String content) throws IOException {
        Files.writeString(proc.resolve("stat"), content);
    }

    private void own(int user, int system) throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/stat"),
                "17 (a) b (c) R 1 2 3 4 5 6 7 8 9 10 " + user + " " + system + " 0 0 20 0 1 0\n");
    }
}
