package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;

/**
 * The key slots of an encrypted image: each holds the file key, sealed for one secret. Source: docs/image-format.md, section 9.
 * <pre>
 *   0      1       2   3   4      20      28      44                92    96
 *   | kind | log2N | r | p | salt | keyId | check | file key sealed | crc |
 * </pre>
 */
public final class KeySlots {
    public static final int MOST = 8;
    static final int SLOT_BYTES = 96;

    /** All slots, empty ones too. */
    public static final int BYTES = MOST * SLOT_BYTES;

    private static final int LOG2_N = 1;
    private static final int R = 2;
    private static final int P = 3;
    private static final int SALT = 4;
    private static final int KEY_ID = 20;
    private static final int CHECK = 28;
    private static final int SEALED = 44;
    private static final int CRC = 92;
    private static final int SALT_BYTES = 16;
    private static final int ID_BYTES = 8;
    private static final int CHECK_BYTES = 16;
    private static final int SEALED_BYTES = Aead.KEY_BYTES + Aead.TAG_BYTES;

    private static final String CHECK_LABEL = "imgblstr 1 image check\0";
    private static final String SLOT_LABEL = "imgblstr 1 image slot\0";

    private final ByteBuffer bytes;

    /** What a try of a pass phrase takes: parameters of scrypt, zeros with a key file. */
    record Cost(int log2N, int r, int p) {
        /** 128 MiB. */
        static final Cost OF_NEW = new Cost(17, 8, 1);

        static final Cost NONE = new Cost(0, 0, 0);

        /** A hostile file must not take all memory, or a day. */
        private static final int MOST_LOG2_N = 18;

        private static final int MOST_R = 8;
        private static final int MOST_P = 4;

        boolean isSound() {
            return log2N >= 1 && log2N <= MOST_LOG2_N && r >= 1 && r <= MOST_R && p >= 1 && p <= MOST_P;
        }
    }

    private KeySlots(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Slots for new files.
     *
     * @param secrets one for each slot
     * @param imageId 16 bytes
     * @throws NotAuthenticException when this machine cannot compute keys of pass phrases
     */
    static KeySlots seal(
            SecretBytes fileKey, List<ImageSecret> secrets, byte[] imageId, Primitives primitives, RandomBytes random)
            throws NotAuthenticException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        for (int i = 0; i < secrets.size(); i++) {
            ImageSecret secret = secrets.get(i);
            byte[] salt = new byte[SALT_BYTES];
            Cost cost = Cost.NONE;
            if (secret.kind() == ImageSecret.Kind.PHRASE) {
                random.fill(salt);
                cost = Cost.OF_NEW;
            }
            try (SecretBytes key = keyOf(secret, salt, cost, primitives)) {
                ByteBuffer slot = bytes.slice(i * SLOT_BYTES, SLOT_BYTES);
                slot.put((byte) secret.kind().code()).put((byte) cost.log2N());
                slot.put((byte) cost.r()).put((byte) cost.p());
                slot.put(salt).put(secret.keyId()).put(check(key, imageId, primitives));
                slot.put(sealed(fileKey, key, imageId, primitives));
                slot.putInt(CRC, crc(slot));
            }
        }
        return new KeySlots(bytes);
    }

    private static SecretBytes keyOf(ImageSecret secret, byte[] salt, Cost cost, Primitives primitives)
            throws NotAuthenticException {
        try {
            return secret.key(salt, cost, primitives);
        } catch (UnsupportedOperationException e) {
            throw new NotAuthenticException(
                    "pass phrases need libcrypto of OpenSSL 3, which is not installed here: install libssl3, or use"
                            + " --image-key",
                    e);
        }
    }

    private static byte[] check(SecretBytes key, byte[] imageId, Primitives primitives) {
        try (SecretBytes check = BoxKey.expand(key, CHECK_LABEL, imageId, primitives)) {
            return Arrays.copyOf(check.copy(), CHECK_BYTES);
        }
    }

    private static byte[] sealed(SecretBytes fileKey, SecretBytes key, byte[] imageId, Primitives primitives) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Aead.NONCE_BYTES + SEALED_BYTES);
        buffer.put(Aead.NONCE_BYTES, fileKey.buffer(), 0, Aead.KEY_BYTES);
        try (SecretBytes slotKey = BoxKey.expand(key, SLOT_LABEL, imageId, primitives);
                Aead aead = primitives.aead(slotKey)) {
            aead.seal(buffer, 0, Aead.NONCE_BYTES, Aead.KEY_BYTES);
        }
        byte[] sealed = new byte[SEALED_BYTES];
        buffer.get(Aead.NONCE_BYTES, sealed);
        return sealed;
    }

    /** Looks at a copy of {@link #BYTES} bytes from position 0 of {@code file} on. */
    public static KeySlots of(ByteBuffer file) {
        return new KeySlots(ByteBuffer.allocate(BYTES).put(0, file, 0, BYTES));
    }

    /** A view of all bytes. */
    ByteBuffer bytes() {
        return bytes.duplicate().clear();
    }

    /** Where the first damaged slot begins, counted from the first slot; -1 when all are sound. A file without any used slot is damaged at 0. */
    public int faultAt() {
        boolean isOver = false;
        for (int i = 0; i < MOST; i++) {
            ByteBuffer slot = slot(i);
            boolean isEmpty = slot.equals(ByteBuffer.allocate(SLOT_BYTES));
            if (isEmpty ? i == 0 : isOver || !isSound(slot)) {
                return i * SLOT_BYTES;
            }
            isOver = isEmpty;
        }
        return -1;
    }

    private static boolean isSound(ByteBuffer slot) {
        boolean isPhrase = slot.get(0) == ImageSecret.Kind.PHRASE.code();
        boolean isKeyFile = slot.get(0) == ImageSecret.Kind.KEY_FILE.code();
        Cost cost = cost(slot);
        boolean isKnown = isPhrase ? cost.isSound() : isKeyFile && cost.equals(Cost.NONE);
        return isKnown && slot.getInt(CRC) == crc(slot);
    }

    private static Cost cost(ByteBuffer slot) {
        return new Cost(slot.get(LOG2_N), slot.get(R), slot.get(P));
    }

    private static int crc(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.slice(0, CRC));
        return (int) crc.getValue();
    }

    private ByteBuffer slot(int number) {
        return bytes.slice(number * SLOT_BYTES, SLOT_BYTES);
    }

    /** Whether a pass phrase opens the file. */
    public boolean takesPhrase() {
        return used(ImageSecret.Kind.PHRASE).findAny().isPresent();
    }

    /** Ids of the key files that open the file, as messages have them. */
    public List<String> keyIds() {
        List<String> ids = new ArrayList<>();
        used(ImageSecret.Kind.KEY_FILE)
                .forEach(slot -> ids.add(HexFormat.of().formatHex(part(slot, KEY_ID, ID_BYTES))));
        return ids;
    }

    /** What opens the file: "a pass phrase", "key ID", or several of these. */
    public String text() {
        List<String> words = new ArrayList<>();
        if (takesPhrase()) {
            words.add("a pass phrase");
        }
        keyIds().forEach(id -> words.add("key " + id));
        return String.join(", ", words);
    }

    private Stream<ByteBuffer> used(ImageSecret.Kind kind) {
        return IntStream.range(0, MOST).mapToObj(this::slot).filter(slot -> slot.get(0) == kind.code());
    }

    private static byte[] part(ByteBuffer slot, int at, int length) {
        byte[] part = new byte[length];
        slot.get(at, part);
        return part;
    }

    /**
     * The key of the boxes; a pass phrase takes 128 MiB and some 300 ms for each slot.
     *
     * @param imageId 16 bytes
     * @return null when no slot is for this secret
     * @throws NotAuthenticException when a slot is for it and does not hold a key, or this machine cannot compute keys of pass phrases
     */
    public BoxKey open(ImageSecret secret, byte[] imageId, Primitives primitives) throws NotAuthenticException {
        List<ByteBuffer> slots = used(secret.kind())
                .filter(slot -> Arrays.equals(part(slot, KEY_ID, ID_BYTES), secret.keyId()))
                .toList();
        for (ByteBuffer slot : slots) {
            try (SecretBytes key = keyOf(secret, part(slot, SALT, SALT_BYTES), cost(slot), primitives)) {
                if (Arrays.equals(part(slot, CHECK, CHECK_BYTES), check(key, imageId, primitives))) {
                    return open(slot, key, imageId, primitives);
                }
            }
        }
        return null;
    }

    private static BoxKey open(ByteBuffer slot, SecretBytes key, byte[] imageId, Primitives primitives)
            throws NotAuthenticException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Aead.NONCE_BYTES + SEALED_BYTES);
        buffer.put(Aead.NONCE_BYTES, slot, SEALED, SEALED_BYTES);
        try (SecretBytes slotKey = BoxKey.expand(key, SLOT_LABEL, imageId, primitives);
                Aead aead = primitives.aead(slotKey)) {
            if (!aead.open(buffer, 0, Aead.NONCE_BYTES, Aead.KEY_BYTES)) {
                throw new NotAuthenticException("a key slot of the image was changed: take another copy of the image");
            }
        }
        byte[] found = new byte[Aead.KEY_BYTES];
        buffer.get(Aead.NONCE_BYTES, found).put(Aead.NONCE_BYTES, new byte[Aead.KEY_BYTES]);
        try (SecretBytes fileKey = SecretBytes.take(found)) {
            return BoxKey.of(fileKey, imageId, primitives);
        }
    }
}
