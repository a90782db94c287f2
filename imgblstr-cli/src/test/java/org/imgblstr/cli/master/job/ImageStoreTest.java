package org.imgblstr.cli.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStoreTest {
    private static final long GIB = 1L << 30;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} GiB used, {1} free, {2} in a file")
    @CsvSource({"1, 2, 0, 0", "2, 2, 0, 1", "3, 8, 4, 0", "4, 8, 4, 1", "9, 8, 4, 2"})
    void whatMayNotFitIsSaid(long used, long free, long most, int doubts) {
        ImageStore store = new ImageStore(folder, free * GIB, most == 0 ? NO_LIMIT : most * GIB, "FAT", false, true);
        assertThat(store.doubts(used * GIB)).hasSize(doubts).allSatisfy(doubt -> assertThat(doubt)
                .contains(folder.toString(), "GiB"));
        assertThat(store.refusal()).isEmpty();
    }

    @Test
    void whereNothingCanBeWrittenIsRefused() {
        assertThat(new ImageStore(folder, GIB, NO_LIMIT, "", true, true).refusal())
                .contains("read-only");
        assertThat(new ImageStore(folder, 0, NO_LIMIT, "", false, true).refusal())
                .contains("is full");
    }

    @ParameterizedTest(name = "{0} GiB of data in {1} GiB, {2} free, {3} in a file, holes {4}")
    @CsvSource({
        "1, 9, 2, 0, true, ''",
        "3, 9, 2, 0, true, 'has 2.0 GiB free; 3.0 GiB are needed'",
        "1, 9, 8, 0, false, 'has 8.0 GiB free; 9.0 GiB are needed'",
        "1, 9, 9, 0, false, ''",
        "1, 9, 9, 4, true, 'can have 4.0 GiB at most, because of FAT; the disk has 9.0 GiB'"
    })
    void whatIsExportedMustFit(long data, long length, long free, long most, boolean hasHoles, String expected) {
        ImageStore store =
                new ImageStore(folder, free * GIB, most == 0 ? NO_LIMIT : most * GIB, "FAT", false, hasHoles);
        String refusal = store.exportRefusal(data * GIB, length * GIB);
        if (expected.isEmpty()) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal).contains(folder.toString(), expected);
        }
    }

    @Test
    void nothingIsExportedToWhereNothingCanBeWritten() {
        assertThat(new ImageStore(folder, GIB, NO_LIMIT, "", true, true).exportRefusal(1, 1))
                .contains("read-only");
    }

    @Test
    void thisFolderTakesASmallImage() throws IOException {
        ImageStore store = ImageStore.of(folder);
        assertThat(store.refusal()).isEmpty();
        assertThat(store.doubts(1)).isEmpty();
        assertThat(store.doubts(1L << 55)).isNotEmpty();
    }
}
