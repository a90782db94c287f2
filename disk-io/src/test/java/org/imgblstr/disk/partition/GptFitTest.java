package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GptFitTest {
    @Test
    void aTableFitsADiskThatEndsBehindItsLastPartition() {
        GptFit fit = GptFit.of(ByteBuffer.wrap(gptDisk(512, 300, gptEntry(1, 40, 60, "a"))), 512)
                .orElseThrow();

        assertThat(fit.endLba()).isEqualTo(61);
        assertThat(fit.leastSectors()).isEqualTo(61 + 33);
        assertThat(GptFit.of(fit.head(94), 512).orElseThrow().backupLba()).isEqualTo(93);
    }

    /** The sum of such an end and the backup would be negative, and any disk would be long enough. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE - 40, -1, Long.MIN_VALUE})
    void aPartitionThatEndsBehindAllDisksFitsNone(long lastLba) {
        byte[] disk = gptDisk(512, 300, gptEntry(1, 40, lastLba, "a"));

        assertThat(GptFit.of(ByteBuffer.wrap(disk), 512)).isEmpty();
    }
}
