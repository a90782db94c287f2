package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel tells the name. */
class HostNameTest {
    @TempDir
    private Path folder;

    @Test
    void theNameIsTheLineOfTheKernel() throws IOException {
        assertThat(HostName.of(Files.writeString(folder.resolve("name"), "lab-07\n")))
                .isEqualTo("lab-07");
    }

    @Test
    void aMachineWithoutNameHasNone() throws IOException {
        assertThat(HostName.of(Files.writeString(folder.resolve("name"), "(none)\n")))
                .isEmpty();
        assertThat(HostName.of(folder.resolve("missing"))).isEmpty();
    }
}
