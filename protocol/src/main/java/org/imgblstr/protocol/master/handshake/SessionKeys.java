package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.sealing.DatagramSignature;
import org.imgblstr.protocol.sealing.GroupSealer;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.sealing.primitive.KeyAgreement;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;
import org.imgblstr.sealing.schedule.GroupKey;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.schedule.SlaveKeys;
import org.imgblstr.sealing.schedule.Transcript;

/**
 * The keys that a master makes for one session: its pair for the exchange, its pair for signatures, and the group key of the epoch. One thread.
 * Specification: docs/security.md, section 5.
 */
final class SessionKeys implements AutoCloseable {
    private final SessionSeal seal;
    private final long sessionId;
    private final SecretBytes exchange;
    private final SecretBytes seed;
    private final DatagramSignature signature;
    private final Hello hello;
    private GroupKey group;
    private GroupSealer data;
    private GroupSealer state;
    private int lastSequence;

    /** {@code sessionName}: "" when none; {@code sealedBefore}: datagrams that the first group key counts as sealed. */
    SessionKeys(SessionSeal seal, long sessionId, String sessionName, int sealedBefore) {
        this.seal = seal;
        this.sessionId = sessionId;
        Primitives primitives = seal.primitives();
        exchange = SecretBytes.random(KeyAgreement.KEY_BYTES, seal.random());
        seed = SecretBytes.random(Signing.KEY_BYTES, seal.random());
        signature = DatagramSignature.ofMaster(primitives.signing(), sessionId, seed);
        Hello unsigned = Hello.of(
                seal.secret(),
                Hello.nameTag(primitives.hashing(), sessionId, sessionName),
                primitives.agreement().publicKey(exchange),
                signature.verify());
        hello = seal.seed() == null ? unsigned : unsigned.signed(primitives.signing(), seal.seed(), sessionId);
        begin(1, sealedBefore);
    }

    private void begin(int epoch, int sealedBefore) {
        group = GroupKey.random(epoch, seal.random());
        Primitives primitives = seal.primitives();
        try (SecretBytes dataKey = group.data(primitives.hashing(), sessionId);
                SecretBytes stateKey = group.state(primitives.hashing(), sessionId)) {
            data = GroupSealer.ofData(dataKey, epoch, lastSequence, sealedBefore, primitives);
            state = GroupSealer.ofState(stateKey, epoch, primitives);
        }
    }

    /** A new group key, which no slave has yet. */
    void beginNextEpoch() {
        int next = group.epoch() + 1;
        closeEpoch();
        begin(next, 0);
    }

    /** Signs the manifest. */
    ManifestSignature manifest() {
        return ManifestSignature.ofMaster(seal.primitives(), sessionId, seed);
    }

    /** What the master says of its keys in clear. */
    Hello hello() {
        return hello;
    }

    /** The group key of the epoch; not the caller's to wipe. */
    GroupKey group() {
        return group;
    }

    /** Datagrams to the data group that the key of this epoch has sealed. */
    int sealed() {
        return data.count();
    }

    /** The keys of a slave; empty when its public key is none. The caller wipes them. */
    Optional<SlaveKeys> agree(long nonce, byte[] slaveExchange) {
        Transcript transcript = Transcript.of(seal.primitives().hashing(), sessionId, hello, nonce, slaveExchange);
        return SlaveKeys.agree(seal.primitives(), seal.secret().key(), exchange, slaveExchange, transcript);
    }

    /** Seals a datagram to the data group. Returns its bytes. */
    int sealData(ByteBuf buffer, int offset, int length) {
        lastSequence = Datagram.sequence(buffer, offset);
        return data.seal(buffer, offset, length);
    }

    /** As {@link #sealData}, signed. */
    int sealSigned(ByteBuf buffer, int offset, int length) {
        lastSequence = Datagram.sequence(buffer, offset);
        return data.sealSigned(buffer, offset, length, signature);
    }

    /** Seals a Drive Geometry for who has the keys, signed. Returns its bytes. */
    int sealState(ByteBuf buffer, int offset, int length) {
        return state.sealSigned(buffer, offset, length, signature);
    }

    private void closeEpoch() {
        data.close();
        state.close();
        group.close();
    }

    /** Wipes all of them. */
    @Override
    public void close() {
        closeEpoch();
        exchange.close();
        seed.close();
    }
}
