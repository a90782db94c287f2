package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
    @TempDir
    private Path folder;

    @Test
    void whatTheOperatorNamesComesFirst() {
        assertThat(NativeFolder.candidates(Map.of("TMPDIR", "/fast", "HOME", "/root"), "/tmp"))
                .startsWith(Path.of("/fast"), Path.of("/tmp"))
                .contains(Path.of("/dev/shm"), Path.of("/root/.cache"));
        assertThat(NativeFolder.candidates(Map.of(), "/tmp")).startsWith(Path.of("/tmp"));
    }

    @Test
    void aFolderThatForbidsToRunProgramsIsPassedOver() throws IOException {
        Path noexec = Files.createDirectory(folder.resolve("a b"));
        Path good = Files.createDirectory(folder.resolve("good"));
        String escaped = noexec.toRealPath().toString().replace(" ", "\\040");
        List<String> mounts = List.of(
                "20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw",
                "30 20 0:30 / " + escaped + " rw,nosuid,nodev,noexec - tmpfs tmpfs rw");

        assertThat(NativeFolder.choose(List.of(noexec, good), mounts)).isEqualTo(good);
        assertThat(NativeFolder.choose(List.of(noexec), mounts)).isNull();
        assertThat(NativeFolder.choose(List.of(folder.resolve("missing"), good), mounts))
                .isEqualTo(good);
    }

    @Test
    void ofSeveralMountsOnOnePointTheLastOneShows() {
        String below = "30 20 0:30 / /tmp rw,noexec - tmpfs tmpfs rw";
        String above = "31 30 0:31 / /tmp rw - tmpfs tmpfs rw";
        assertThat(NativeFolder.isNoexec(Path.of("/tmp/x"), List.of(below))).isTrue();
        assertThat(NativeFolder.isNoexec(Path.of("/tmp/x"), List.of(below, above)))
                .isFalse();
        assertThat(NativeFolder.isNoexec(Path.of("/tmpx"), List.of(below))).isFalse();
    }

    @Test
    void aFileInPlaceOfAFolderIsPassedOver() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(NativeFolder.choose(List.of(file, folder), List.of())).isEqualTo(folder);
    }
}
