package org.imgblstr.disk.use;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.imgblstr.fuzz.FuzzTarget;

/** Reads the small sound volumes that fuzz targets patch: {@code fuzz/make_bases.py} makes them and tells their form. */
final class Bases {
    private static final int SECTOR_BYTES = 512;

    private Bases() {}

    static byte[] read(String name) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(FuzzTarget.base(name + ".gz")))) {
            ByteBuffer packed = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            byte[] content = new byte[Math.toIntExact(packed.getLong())];
            while (packed.hasRemaining()) {
                packed.get(content, packed.getInt() * SECTOR_BYTES, SECTOR_BYTES);
            }
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
