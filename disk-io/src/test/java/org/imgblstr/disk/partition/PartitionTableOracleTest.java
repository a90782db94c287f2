package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of sfdisk and sgdisk, and what these tools themselves say of them. */
class PartitionTableOracleTest {
    private static final Pattern SFDISK_LINE = Pattern.compile(
            "\"node\":\\s*\"[^\"]*?(\\d+)\",\\s*\"start\":\\s*(\\d+),\\s*\"size\":\\s*(\\d+),\\s*\"type\":\\s*\"([^\"]+)\""
                    + "(?:,\\s*\"uuid\":\\s*\"([^\"]+)\")?(?:,\\s*\"name\":\\s*\"([^\"]*)\")?");

    @TempDir
    Path directory;

    @Test
    void anMbrWithLogicalPartitionsIsReadAsSfdiskReadsIt() throws Exception {
        Shell.assumeTools("sfdisk");
        Path file = disk(64L << 20);
        Shell.feed("""
                label: dos
                start=2048, size=4096, type=c, bootable
                start=8192, size=100000, type=5
                start=110592, type=83
                start=10240, size=2000, type=83
                start=20480, size=3000, type=82
                start=40960, size=5000, type=8e
                """, "sfdisk", "-q", file.toString());
        assertThat(partitionsOf(file.toString()))
                .isEqualTo(sfdisk(file.toString()))
                .hasSize(5);
    }

    @Test
    void aGptOfSfdiskIsReadAsSfdiskReadsIt() throws Exception {
        Shell.assumeTools("sfdisk");
        Path file = disk(64L << 20);
        Shell.feed(
                "label: gpt\nsize=1MiB, type=U, name=\"EFI System\"\nsize=10MiB, name=root\n,\n",
                "sfdisk",
                "-q",
                file.toString());
        assertThat(partitionsOf(file.toString()))
                .isEqualTo(sfdisk(file.toString()))
                .hasSize(3);
    }

    @Test
    void aGptOfSgdiskWithManyEntriesIsRead() throws Exception {
        Shell.assumeTools("sgdisk", "sfdisk");
        Path file = disk(64L << 20);
        Shell.run("sgdisk", "-S", "256", "-n", "200:2048:+1M", "-c", "200:far", "-n", "7:8192:+2M", file.toString());
        assertThat(partitionsOf(file.toString()))
                .isEqualTo(sfdisk(file.toString()))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt", "dos"})
    void tablesOfALargeSectorDeviceAreReadAsSfdiskReadsThem(String label) throws Exception {
        Shell.assumeTools("sfdisk");
        try (var loop = LoopDevice.attach(disk(64L << 20), 4096)) {
            Shell.feed("label: " + label + "\n2048,4096\n8192,\n", "sfdisk", "-q", loop.node());
            assertThat(partitionsOf(loop.node())).isEqualTo(sfdisk(loop.node())).hasSize(2);
        }
    }

    private Path disk(long bytes) throws Exception {
        Path file = directory.resolve("disk");
        Disks.createSparse(file, bytes);
        return file;
    }

    private static List<Partition> partitionsOf(String path) throws Exception {
        try (Disk disk = Disks.openForReading(path)) {
            return PartitionTable.read(disk).partitions();
        }
    }

    private static List<Partition> sfdisk(String path) throws Exception {
        String json = Shell.run("sfdisk", "--json", path);
        Matcher label = Pattern.compile("\"id\":\\s*\"0x([0-9a-f]+)\"").matcher(json);
        String signature = label.find() ? label.group(1) : "";
        List<Partition> partitions = new ArrayList<>();
        Matcher line = SFDISK_LINE.matcher(json);
        while (line.find()) {
            int number = Integer.parseInt(line.group(1));
            boolean isGpt = line.group(5) != null;
            String type =
                    isGpt ? line.group(4) : String.format("%2s", line.group(4)).replace(' ', '0');
            String unique = isGpt ? line.group(5) : String.format(Locale.ROOT, "%s-%02x", signature, number);
            if (!"05".equals(type)) {
                partitions.add(new Partition(
                        number,
                        Long.parseLong(line.group(2)),
                        Long.parseLong(line.group(3)),
                        type,
                        unique,
                        line.group(6) == null ? "" : line.group(6)));
            }
        }
        return partitions;
    }
}
