package org.imgblstr.protocol.slave.handshake;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.protocol.sealing.Allowance;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.Secret;

/**
 * Whether a session can be joined, by what its master says of its keys in clear: the same kind of secret, the same key file, and its signature. One
 * thread. Specification: docs/security.md, sections 4 and 12.
 */
final class HelloCheck {
    /** What checks may cost: a signature takes 0.2 ms. */
    private static final int NEW_IN_A_SECOND = 20;

    private static final int REMEMBERED = 64;

    /** Nothing is known yet of a session: its hello waits for its turn. */
    static final String UNKNOWN = "";

    /** {@code hello}: its bytes, which may be compared. */
    private record Known(ByteBuffer hello, String line) {}

    private final SessionSeal seal;
    private final Allowance checks = new Allowance(NEW_IN_A_SECOND);
    private final Map<Long, Known> known = new LinkedHashMap<>();

    HelloCheck(SessionSeal seal) {
        this.seal = seal;
    }

    /** Whether a session has the name that the slave wants; {@code name}: "" for any. */
    boolean isNamed(long sessionId, Hello hello, String name) {
        return name.isEmpty()
                || Arrays.equals(
                        hello.nameTag(), Hello.nameTag(seal.primitives().hashing(), sessionId, name));
    }

    /**
     * Why the session cannot be joined, for the operator; null when it can be, as far as its hello tells.
     *
     * @param at where the master is
     */
    String misfit(long sessionId, Hello hello, String at, long nowNs) {
        Known before = known.get(sessionId);
        if (before != null && before.hello().equals(ByteBuffer.wrap(hello.bytes()))) {
            return before.line();
        }
        if (!checks.isLeft(nowNs)) {
            return UNKNOWN;
        }
        checks.take();
        String line = lineOf(sessionId, hello, "the session of " + at);
        if (known.size() >= REMEMBERED) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(sessionId, new Known(ByteBuffer.wrap(hello.bytes()), line));
        return line;
    }

    private String lineOf(long sessionId, Hello hello, String session) {
        Secret secret = seal.secret();
        String itsKey = idText(hello.keyId());
        if (secret.kind() == Secret.Kind.CODE) {
            return hello.kind() == Secret.Kind.CODE
                    ? null
                    : session + " is sealed with key file " + itsKey + ": start this slave with --key-file";
        }
        if (hello.kind() == Secret.Kind.CODE) {
            return session + " is sealed with a join code: start this slave with --code";
        }
        String ourKey = idText(secret.keyId());
        if (!Arrays.equals(hello.keyId(), secret.keyId())) {
            return session + " is sealed with key file " + itsKey + ", and this slave has " + ourKey
                    + ": take the file of that master's keygen";
        }
        boolean isSigned =
                hello.isSignedBy(seal.primitives().signing(), secret.verify().orElseThrow(), sessionId);
        return isSigned
                ? null
                : session + " names key file " + ourKey + " and is not signed by it: somebody may pose as the master";
    }

    /** Why a session does not answer although its hello suits: it says that the secret is another. */
    Unsuited wrongSecret(String at) {
        return seal.secret().kind() == Secret.Kind.CODE
                ? Unsuited.lacksCode("the session of " + at
                        + " has another join code: type the five words that its master shows now")
                : Unsuited.of("the session of " + at + " does not take the secret of key file "
                        + idText(seal.secret().keyId()) + ": take the file of that master's keygen");
    }

    private static String idText(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
