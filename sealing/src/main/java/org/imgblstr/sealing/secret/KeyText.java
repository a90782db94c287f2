package org.imgblstr.sealing.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.SecretBytes;

/**
 * The lines of a key file, read in their order and written. Each is {@code name: value} and ends with a line feed; values are lower case
 * hexadecimal digits. Secrets never become strings, which nobody could wipe.
 */
final class KeyText {
    private static final String MAGIC = "imgblstr key 1";
    private static final String DIGITS = "0123456789abcdef";
    private static final String CHECK = "check";
    private static final int CHECK_BYTES = 4;

    private final byte[] content;
    private int at;
    private int line;

    KeyText(byte[] content) {
        this.content = content;
    }

    /** Reads the first two lines. */
    KeyFile.Use begin() throws SecretException {
        if (!text(MAGIC.length()).equals(MAGIC)) {
            throw new SecretException(
                    "it does not begin with \"" + MAGIC + "\": name a file that imgblstr keygen made");
        }
        endLine(MAGIC);
        for (KeyFile.Use use : KeyFile.Use.values()) {
            String expected = "use: " + use.word();
            if (text(expected.length()).equals(expected)) {
                endLine(expected);
                return use;
            }
        }
        throw wrong("use: master, slave or public");
    }

    /** Reads a line with so many bytes in hexadecimal digits. */
    byte[] hex(String name, int count) throws SecretException {
        String expected = name + ": and " + 2 * count + " hexadecimal digits";
        String head = name + ": ";
        if (!text(head.length()).equals(head)) {
            throw wrong(expected);
        }
        at += head.length();
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (digit(expected) << 4 | digit(expected));
        }
        endLineHere(expected);
        return bytes;
    }

    /** Reads the last line, which holds a check of all before it. */
    void end(Hashing hashing) throws SecretException {
        byte[] before = Arrays.copyOf(content, at);
        byte[] expected = check(before, hashing);
        Arrays.fill(before, (byte) 0);
        if (!Arrays.equals(hex(CHECK, CHECK_BYTES), expected)) {
            throw new SecretException("its check does not fit: the file was changed; copy it again");
        }
        if (at < content.length) {
            throw wrong("the end of the file");
        }
    }

    private int digit(String expected) throws SecretException {
        int digit = at < content.length ? DIGITS.indexOf(content[at]) : -1;
        if (digit < 0) {
            throw wrong(expected);
        }
        at++;
        return digit;
    }

    /** Bytes that lie ahead as a text; fewer at the end of the file. Only for what is no secret. */
    private String text(int length) {
        return new String(content, at, Math.min(length, content.length - at), StandardCharsets.ISO_8859_1);
    }

    private void endLine(String read) throws SecretException {
        at += read.length();
        endLineHere(read);
    }

    private void endLineHere(String expected) throws SecretException {
        if (at >= content.length || content[at] != '\n') {
            throw wrong(expected);
        }
        at++;
        line++;
    }

    private SecretException wrong(String expected) {
        return new SecretException("line " + (line + 1) + ": expected " + expected);
    }

    private static byte[] check(byte[] content, Hashing hashing) {
        return Arrays.copyOf(hashing.sha256(content), CHECK_BYTES);
    }

    /** The bytes of a file. {@code secret} and {@code seed}: null where the file has none. */
    static byte[] write(
            KeyFile.Use use, byte[] id, SecretBytes secret, SecretBytes seed, byte[] verify, Hashing hashing) {
        ByteBuffer into = ByteBuffer.allocate(KeyFile.MOST_BYTES);
        into.put((MAGIC + "\nuse: " + use.word() + "\n").getBytes(StandardCharsets.US_ASCII));
        put(into, "id", id);
        if (secret != null) {
            putSecret(into, "secret", secret);
        }
        if (seed != null) {
            putSecret(into, "sign", seed);
        }
        put(into, "verify", verify);
        byte[] before = Arrays.copyOf(into.array(), into.position());
        put(into, CHECK, check(before, hashing));
        byte[] content = Arrays.copyOf(into.array(), into.position());
        Arrays.fill(before, (byte) 0);
        Arrays.fill(into.array(), (byte) 0);
        return content;
    }

    private static void putSecret(ByteBuffer into, String name, SecretBytes secret) {
        byte[] bytes = secret.copy();
        put(into, name, bytes);
        Arrays.fill(bytes, (byte) 0);
    }

    private static void put(ByteBuffer into, String name, byte[] bytes) {
        into.put((name + ": ").getBytes(StandardCharsets.US_ASCII));
        for (byte each : bytes) {
            into.put((byte) DIGITS.charAt(each >> 4 & 0xf)).put((byte) DIGITS.charAt(each & 0xf));
        }
        into.put((byte) '\n');
    }
}
