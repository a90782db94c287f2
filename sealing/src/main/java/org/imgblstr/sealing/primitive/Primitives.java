package org.imgblstr.sealing.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * All primitives in one form. The forms give the same results; they differ in speed and in what they need. The first use starts JNA, which
 * takes about a tenth of a second.
 *
 * @param form what the form is called, in logs and tests
 * @param ciphers makes AES-256-GCM of a key of 32 bytes; the cipher keeps a copy of the key
 * @param memoryHard throws {@link UnsupportedOperationException} in the form without libcrypto: Java has no such function
 */
public record Primitives(
        String form,
        Function<SecretBytes, Aead> ciphers,
        KeyAgreement agreement,
        Signing signing,
        Hashing hashing,
        MemoryHard memoryHard) {

    private static final String JAVA = "Java";

    /** The first Java with foreign calls. */
    private static final int FOREIGN_JAVA = 22;

    private static final class Best {
        static final Primitives FOUND = all().get(0);
    }

    /** The fastest form that this machine and this Java have. */
    public static Primitives best() {
        return Best.FOUND;
    }

    /** All forms that this machine and this Java have, the fastest first. */
    public static List<Primitives> all() {
        List<Primitives> forms = new ArrayList<>();
        if (LibcryptoCalls.areThere()) {
            if (Runtime.version().feature() >= FOREIGN_JAVA) {
                forms.add(ofLibcrypto("libcrypto by foreign calls", new ForeignCalls()));
            }
            forms.add(ofLibcrypto("libcrypto by JNA", new LibcryptoCalls()));
        }
        forms.add(ofJava());
        return forms;
    }

    /** What every Java has. */
    static Primitives ofJava() {
        return new Primitives(
                JAVA,
                JdkAead::new,
                new JdkAgreement(),
                new JdkSigning(),
                new JdkHashing(),
                (password, salt, n, r, p, length) -> {
                    throw new UnsupportedOperationException(MemoryHard.MISSING);
                });
    }

    /** Whether keys of join codes can be computed: {@link #memoryHard} does not throw. */
    public boolean computesCodes() {
        return !form.equals(JAVA);
    }

    private static Primitives ofLibcrypto(String form, CipherCalls calls) {
        LibcryptoHashing hashing = new LibcryptoHashing();
        return new Primitives(
                form,
                key -> new LibcryptoAead(key, calls),
                new LibcryptoAgreement(),
                new LibcryptoSigning(),
                hashing,
                hashing::scrypt);
    }

    @Override
    public String toString() {
        return form;
    }

    /** AES-256-GCM under a key of 32 bytes. */
    public Aead aead(SecretBytes key) {
        return ciphers.apply(key);
    }
}
