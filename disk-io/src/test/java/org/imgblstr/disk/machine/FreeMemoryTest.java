package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Path proc;
    private Path groups;

    @BeforeEach
    void aMachineWith300Mib() throws IOException {
        proc = Files.createDirectories(folder.resolve("proc"));
        groups = Files.createDirectories(folder.resolve("groups"));
        write(
                "proc/meminfo",
                "MemTotal:         500000 kB\nMemFree:           10000 kB\nMemAvailable:     307200 kB\n");
        write("proc/self/status", "VmPeak:\t  700000 kB\nVmRSS:\t  102400 kB\nRssAnon:\t   90000 kB\n");
    }

    @Test
    void whatTheMachineHasAvailableCountsWithoutALimit() throws IOException {
        assertThat(bytes()).isEqualTo(300 * MIB);
        write("proc/self/cgroup", "12:memory:/a\n0::/b\n");
        write("groups/b/memory.max", "max\n");
        write("groups/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(bytes()).as("groups without a limit").isEqualTo(300 * MIB);
    }

    @Test
    void theLeastLimitOfTheGroupsCountsLessWhatTheProgramHas() throws IOException {
        write("proc/self/cgroup", "0::/room/slave\n");
        write("groups/room/slave/memory.max", (250 * MIB) + "\n");
        assertThat(bytes()).as("100 MiB are its own").isEqualTo(150 * MIB);
        write("groups/room/memory.max", (180 * MIB) + "\n");
        assertThat(bytes()).as("the group around it").isEqualTo(80 * MIB);
        write("groups/memory.max", (50 * MIB) + "\n");
        assertThat(bytes()).as("it has more than the limit already").isZero();
    }

    @Test
    void groupsOfTheFirstVersionCountToo() throws IOException {
        write("proc/self/cgroup", "9:cpu,cpuacct:/x\n8:memory:/room\n0::/\n");
        write("groups/memory/room/memory.limit_in_bytes", (200 * MIB) + "\n");
        assertThat(bytes()).isEqualTo(100 * MIB);
    }

    @Test
    void aKernelThatDoesNotTellLimitsNothing() throws IOException {
        Files.delete(proc.resolve("meminfo"));
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
        write("proc/meminfo", "MemAvailable: 99999999999999999999 kB\n");
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thisMachineHasMemory() {
        assertThat(new FreeMemory().bytes()).isPositive();
    }

    private long bytes() {
        return new FreeMemory(proc, groups).bytes();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
