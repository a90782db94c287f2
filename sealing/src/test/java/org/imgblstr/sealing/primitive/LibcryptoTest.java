package org.imgblstr.sealing.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcryptoTest {
    /** What a package manager that was interrupted leaves, for example. */
    @Test
    void aLibraryThatCannotBeLoadedLeavesTheWorkToJava(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("libcrypto.so.3"), "no library");

        assertThat(Libcrypto.bind(LibcryptoTest.class, broken)).isFalse();
    }
}
