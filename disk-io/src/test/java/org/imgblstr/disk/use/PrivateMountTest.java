package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.disk.filesystem.FileVolume;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateMountTest {
    @TempDir
    Path folder;

    @Test
    void anotherProgramsNamespaceDoesNotKeepIt() throws Exception {
        FsTools.need("mkfs.ext4", "losetup", "mount", "umount", "unshare");
        FsTools.needRoot();
        FsTools.needKernel("ext4");
        // given
        Path volume = FsTools.sparse(folder, "volume", 32 << 20);
        FsTools.run("mkfs.ext4", "-q", volume.toString());
        Process[] other = new Process[1];
        try {
            // when a namespace is made while it is mounted, and outlives that
            Restored.mounted(volume, "rw", mount -> {
                Files.writeString(mount.resolve("file"), "content");
                other[0] = new ProcessBuilder("unshare", "--mount", "sh", "-c", "echo copied; read -r end").start();
                assertThat(other[0].inputReader().readLine()).isEqualTo("copied");
            });
            // then
            try (FileVolume source = new FileVolume(volume)) {
                assertThat(FileSystems.standard().identify(source).whyAll()).isEmpty();
            }
        } finally {
            other[0].destroy();
        }
    }
}
