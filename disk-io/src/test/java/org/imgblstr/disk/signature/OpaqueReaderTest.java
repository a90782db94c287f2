package org.imgblstr.disk.signature;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.use.FileSystemReaderContract;

/** What is known by name is never mapped; that each name is found is shown by {@link SignatureTest}. */
class OpaqueReaderTest extends FileSystemReaderContract {
    @Override
    protected FileSystemReader reader() {
        return new OpaqueReader();
    }

    @Override
    protected boolean isMapped() {
        return false;
    }

    @Override
    protected List<Sample> samples(Path folder) {
        byte[] luks = new byte[1 << 20];
        System.arraycopy("LUKS\u00BA\u00BE\0\1".getBytes(StandardCharsets.ISO_8859_1), 0, luks, 0, 8);
        return List.of(new Sample("LUKS", "crypto_LUKS", luks));
    }
}
