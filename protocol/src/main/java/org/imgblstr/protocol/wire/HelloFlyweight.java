package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import org.imgblstr.sealing.schedule.Hello;

/**
 * The Drive Geometry of a sealed session in clear: without anything of the image, and with the keys of the master behind its fixed fields.
 * Source: docs/security.md, section 4.
 * <pre>
 *   12 ... fields of Drive Geometry; zero are 20 to 59, 62 to 63, 76 to 79, 128 to 147      148     296
 *   | session id | ... | symbolBytes | ... | state | flags | ... | addresses | ...           | hello |
 * </pre>
 */
public final class HelloFlyweight extends CommandFlyweight<HelloFlyweight> {
    /** Bytes of the fields that a Drive Geometry of a sealed session has in each form, header included. */
    public static final int FIELD_BYTES = DriveGeometryFlyweight.FIXED_BYTES;

    private static final int SEALED = 4;
    private static final int HELLO = FIELD_BYTES;

    /** Where the fields of the image are in an open session: beginning and end of each stretch. */
    private static final int[] ZERO = {20, 60, 62, 64, 76, 80, 128, HELLO};

    /** The same without the countdown. */
    private static final int[] IMAGE = {20, 60, 62, 64, 128, HELLO};

    private final DriveGeometryFlyweight fields = new DriveGeometryFlyweight();

    public HelloFlyweight() {
        super(CommandType.DRIVE_GEOMETRY);
    }

    /** Whether a sound Drive Geometry is a hello: then it announces a sealed session. */
    public boolean isHello() {
        return hasFixedFields() && (u8(DriveGeometryFlyweight.FLAGS) & SEALED) != 0;
    }

    /** Whether session, addresses and hello can be, and nothing is said of the image. */
    public boolean isValid() {
        return isHello()
                && reaches(bodyEnd())
                && session() == (int) fields().sessionId()
                && fields().symbolBytes() >= 1
                && fields().state() != null
                && fields().areAddressesValid()
                && isImageHidden()
                && Hello.read(bytes(HELLO, Hello.BYTES)).isPresent();
    }

    private boolean isImageHidden() {
        for (int i = 0; i < ZERO.length; i += 2) {
            for (int field = ZERO[i]; field < ZERO[i + 1]; field++) {
                if (u8(field) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The fields that it shares with an open Drive Geometry, for reading, and for writing before {@link #hello(Hello)}. */
    public DriveGeometryFlyweight fields() {
        return fields.wrap(buffer(), indexOf(0), length());
    }

    /** Only after {@link #isValid()}. */
    public Hello hello() {
        return Hello.read(bytes(HELLO, Hello.BYTES)).orElseThrow();
    }

    public HelloFlyweight hello(Hello value) {
        reserve(bodyEnd() + TRAILER_BYTES);
        return put8(DriveGeometryFlyweight.FLAGS, u8(DriveGeometryFlyweight.FLAGS) | SEALED)
                .putBytes(HELLO, value.bytes(), Hello.BYTES);
    }

    /** Takes all that a hello says in clear from the open Drive Geometry at {@code from}; then comes {@link #hello(Hello)}. */
    public HelloFlyweight fieldsOf(ByteBuf geometry, int from) {
        buffer().setBytes(indexOf(HEADER_BYTES), geometry, from + HEADER_BYTES, HELLO - HEADER_BYTES);
        hide(ZERO);
        return session(Datagram.session(geometry, from)).sequence(Datagram.sequence(geometry, from));
    }

    /** As {@link #fieldsOf}, for Drive Geometry that only slaves with the keys can read: the countdown stays. Returns the bytes of its fields. */
    public int stateOf(ByteBuf geometry, int from) {
        buffer().setBytes(indexOf(0), geometry, from, HELLO);
        hide(IMAGE);
        return HELLO;
    }

    private void hide(int... stretches) {
        for (int i = 0; i < stretches.length; i += 2) {
            buffer().setZero(indexOf(stretches[i]), stretches[i + 1] - stretches[i]);
        }
    }

    @Override
    HelloFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return HELLO + Hello.BYTES;
    }
}
