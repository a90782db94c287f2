package org.imgblstr.disk.use;

import java.io.IOException;
import java.nio.file.Path;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.FileVolume;
import org.imgblstr.disk.filesystem.MemoryVolume;

/** Asks all readers of the program what is on a volume, for tests. */
public final class Identify {
    private Identify() {}

    public static FileSystem identify(Path path) throws IOException {
        try (FileVolume volume = new FileVolume(path)) {
            return FileSystems.standard().identify(volume);
        }
    }

    public static FileSystem identify(byte[] content) throws DeviceException {
        return FileSystems.standard().identify(new MemoryVolume(content, content.length));
    }
}
