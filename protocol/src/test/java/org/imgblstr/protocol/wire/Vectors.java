package org.imgblstr.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Locale;

/** The golden datagrams: bytes laid by hand from docs/protocol.md, '#' starts a comment. Nothing writes these files. */
final class Vectors {
    private Vectors() {}

    /** A fresh copy of the golden datagram of a command. */
    static ByteBuf of(CommandType type) {
        String name = type.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".hex";
        try (InputStream in = Vectors.class.getResourceAsStream(name)) {
            String hex =
                    new String(in.readAllBytes(), UTF_8).replaceAll("#.*", "").replaceAll("\\s", "");
            return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** Puts the right CRC at the end of a datagram that was changed. */
    static ByteBuf resealed(ByteBuf datagram) {
        int bodyEnd = datagram.writerIndex() - CommandFlyweight.TRAILER_BYTES;
        return datagram.setInt(bodyEnd, DatagramBytes.crc32c(datagram, 0, bodyEnd));
    }
}
