package org.imgblstr.sealing.primitive;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where libcrypto of OpenSSL 3 lies, and how it is loaded. The start scripts look in the same places. */
public final class Libcrypto {
    private static final Logger LOG = LoggerFactory.getLogger(Libcrypto.class);

    /** Of Debian, then of distributions without a folder for each architecture. */
    private static final List<String> PLACES =
            List.of("/usr/lib/%s-linux-gnu/libcrypto.so.3", "/usr/lib64/libcrypto.so.3", "/usr/lib/libcrypto.so.3");

    private Libcrypto() {}

    /** Keeps JNA from starting ldconfig: our libraries are in the process already or have a path. Call this before JNA loads a library. */
    public static void keepJnaFromSearching() {
        System.setProperty("jna.platform.library.path", "");
    }

    static Optional<Path> find() {
        String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
        for (String place : PLACES) {
            Path library = Path.of(place.replace("%s", architecture));
            if (Files.isReadable(library)) {
                return Optional.of(library);
            }
        }
        return Optional.empty();
    }

    /** Address of a function, for callers that do without JNA. */
    static long addressOf(String function) {
        NativeLibrary library = NativeLibrary.getInstance(find().orElseThrow().toString());
        return Pointer.nativeValue(library.getFunction(function));
    }

    /** Binds the native methods of a class to the library. False when there is none, and, with a warning, when it has not all of them. */
    static boolean bind(Class<?> type) {
        Optional<Path> library = find();
        return library.isPresent() && bind(type, library.get());
    }

    static boolean bind(Class<?> type, Path library) {
        try {
            keepJnaFromSearching();
            Native.register(type, NativeLibrary.getInstance(library.toString()));
            return true;
        } catch (UnsatisfiedLinkError | LastErrorException e) {
            LOG.warn(
                    "{} cannot be used, Java hashes and encrypts instead, which may be slow: {}",
                    library,
                    e.getMessage());
            return false;
        }
    }
}
