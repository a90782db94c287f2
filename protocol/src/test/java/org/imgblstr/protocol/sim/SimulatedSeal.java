package org.imgblstr.protocol.sim;

import java.util.Random;
import java.util.function.Supplier;
import org.imgblstr.sealing.primitive.MemoryHard;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.imgblstr.sealing.secret.SecretException;

/** A secret of which everything comes from one seed: what masters and slaves of a simulation are given to seal their sessions. */
final class SimulatedSeal {
    /** A hash instead of scrypt, which would take 70 ms and 32 MiB for each slave. */
    private static final MemoryHard QUICK = (password, salt, n, r, p, length) ->
            SecretBytes.take(Primitives.best().hashing().sha256(password.copy(), salt));

    private final Primitives primitives;
    private final Supplier<Secret> secret;
    private final SecretBytes seed;
    private final long keys;

    private SimulatedSeal(Primitives primitives, Supplier<Secret> secret, SecretBytes seed, long keys) {
        this.primitives = primitives;
        this.secret = secret;
        this.seed = seed;
        this.keys = keys;
    }

    /** A key file. */
    static SimulatedSeal of(long seed) {
        return of(seed, Primitives.best());
    }

    static SimulatedSeal of(long seed, Primitives primitives) {
        KeyFile file = KeyFile.create(Primitives.best(), random(seed));
        return new SimulatedSeal(primitives, () -> Secret.of(file), file.seed(), 0);
    }

    /** A join code. */
    static SimulatedSeal ofCode(String words) {
        try {
            JoinCode code = JoinCode.parse(words);
            return new SimulatedSeal(Primitives.best(), () -> Secret.of(code, QUICK), null, 0);
        } catch (SecretException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static RandomBytes random(long seed) {
        return new Random(seed)::nextBytes;
    }

    /** The same secret; whoever has it from here makes other keys. */
    SimulatedSeal keys(long newKeys) {
        return new SimulatedSeal(primitives, secret, seed, newKeys);
    }

    /** {@code ofMaster}: of the keys that this master makes. */
    SessionSeal ofMaster(long ofMaster) {
        return new SessionSeal(secret.get(), seed, primitives, random(31 * keys + ofMaster));
    }

    /** {@code ofSlave}: of the keys that this slave makes. */
    SessionSeal ofSlave(long ofSlave) {
        return new SessionSeal(secret.get(), null, primitives, random(31 * keys + ofSlave));
    }
}
