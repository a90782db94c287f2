package org.imgblstr.disk.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwapReaderTest extends FileSystemReaderContract {
    @TempDir
    Path folder;

    @Override
    protected FileSystemReader reader() {
        return new SwapReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkswap");
        return List.of(made(folder, "swap", "swap", 256, "mkswap VOLUME"));
    }

    @BeforeAll
    static void needTools() {
        FsTools.need("mkswap");
    }

    @ParameterizedTest(name = "pages of {0}")
    @ValueSource(ints = {4096, 8192, 16_384, 65_536})
    void keepsTheHeaderPage(int pageBytes) throws Exception {
        FileSystem found = identify(made(pageBytes));
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("swap");
        assertThat(found.label()).isEqualTo("the_swap");
        assertThat(found.used().usedBytes()).isEqualTo(pageBytes);
        assertThat(found.used().nextFree(0)).isEqualTo(pageBytes);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"S1SUSPEND\0", "S2SUSPEND\0", "ULSUSPEND\0", "LINHIB0001", "SWAP-SPACE"})
    void keepsAllOfASuspendedSystem(String signature) throws Exception {
        byte[] content = made(4096);
        System.arraycopy(signature.getBytes(StandardCharsets.ISO_8859_1), 0, content, 4086, 10);
        FileSystem found = identify(content);
        assertThat(found.whyAll()).contains("suspended");
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
    }

    @Test
    void keepsAllWhenTheHeaderIsNotSound() throws Exception {
        byte[] content = made(4096);
        assertThat(identify(Arrays.copyOf(content, content.length - 4096)).whyAll())
                .contains("says it has");
        content[1024] = 2;
        assertThat(identify(content).whyAll()).contains("version");
    }

    @Test
    void keepsWhatLiesBehindTheSwapArea() throws Exception {
        byte[] content = Arrays.copyOf(made(4096), (8 << 20) + 1536);
        assertThat(identify(content).used().usedBytes()).isEqualTo(4096 + 1536);
    }

    private byte[] made(int pageBytes) throws Exception {
        Path path = FsTools.sparse(folder, "swap", 8 << 20);
        FsTools.run("mkswap", "-L", "the_swap", "-p", Integer.toString(pageBytes), path.toString());
        return Files.readAllBytes(path);
    }
}
