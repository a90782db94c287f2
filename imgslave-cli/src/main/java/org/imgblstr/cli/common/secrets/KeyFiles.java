package org.imgblstr.cli.common.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.SystemUser;
import org.imgblstr.cli.common.value.ShellWords;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.PartialFile;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.SecretException;

/** Reads key files, and writes new ones. A file with a secret is taken only when nobody but its owner can read it. */
public final class KeyFiles {
    /** Bits of a mode that let the group and others read, write or run. */
    private static final int OTHERS = 0077;

    private static final int PERMISSIONS = 07777;

    /** Key files of cryptsetup are rarely longer than 4 KiB. */
    private static final int MOST_PHRASE_BYTES = 1 << 16;

    private KeyFiles() {}

    /**
     * Reads a key file.
     *
     * @throws CliException exit code 16: it is none, was changed, belongs to somebody else, or others can read its secret
     * @throws IOException when the file cannot be read
     */
    public static KeyFile read(Path path) throws IOException {
        Map<String, Object> attributes = attributes(path);
        KeyFile file = parse(path);
        if (file.use() != KeyFile.Use.PUBLIC) {
            checkSecret(path, attributes);
        }
        return file;
    }

    /**
     * Reads a join code or a pass phrase, in a file that must be as safe as a key file. What it says is not checked.
     *
     * @throws CliException exit code 16: it is no regular file, belongs to somebody else, or others can read it
     * @throws IOException when the file cannot be read
     */
    public static String readText(Path path) throws IOException {
        checkSecret(path, attributes(path));
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(KeyFile.MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads a pass phrase, in a file that must be as safe as a key file.
     *
     * @return for the caller to overwrite
     * @throws CliException exit code 16: it is no regular file, belongs to somebody else, others can read it, it is empty or too long
     * @throws IOException when the file cannot be read
     */
    public static byte[] readPhrase(Path path) throws IOException {
        checkSecret(path, attributes(path));
        try (InputStream in = Files.newInputStream(path)) {
            byte[] phrase = in.readNBytes(MOST_PHRASE_BYTES + 1);
            if (phrase.length == 0 || phrase.length > MOST_PHRASE_BYTES) {
                throw refused(path + " holds no pass phrase: expected 1 to " + MOST_PHRASE_BYTES + " bytes");
            }
            return phrase;
        }
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,isRegularFile");
        if (!(Boolean) attributes.get("isRegularFile")) {
            throw refused(path + " is no regular file: name one that is");
        }
        return attributes;
    }

    private static void checkSecret(Path path, Map<String, Object> attributes) throws IOException {
        checkOwner(path, (Integer) attributes.get("uid"), SystemUser.id());
        checkMode(path, (Integer) attributes.get("mode"));
    }

    private static KeyFile parse(Path path) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(KeyFile.MOST_BYTES + 1);
        }
        try {
            return KeyFile.parse(content, Primitives.best());
        } catch (SecretException e) {
            throw new CliException(ExitCode.NOT_AUTHENTIC, path + " is not a sound key file: " + e.getMessage(), e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    static void checkOwner(Path path, int owner, int user) {
        if (owner != user && !SystemUser.isRoot(owner)) {
            throw refused(path + " belongs to user " + owner + ", who could change it: chown it to the user who runs"
                    + " this program, or to root");
        }
    }

    static void checkMode(Path path, int mode) {
        if ((mode & OTHERS) != 0) {
            throw refused(path + " can be read by others (mode " + Integer.toOctalString(mode & PERMISSIONS)
                    + "): chmod 600 " + ShellWords.of(List.of(path.toString())));
        }
    }

    /**
     * Writes a new file: with mode 600 where it has a secret, with 644 where it has none. The name appears when all of the file is on the
     * disk, and stays when the power goes after that.
     *
     * @throws FileAlreadyExistsException when there is one, which stays as it is
     * @throws CliException exit code 15: the file system would let others read the secret; the file is gone again
     */
    public static void write(Path path, KeyFile file) throws IOException {
        Set<PosixFilePermission> mode =
                PosixFilePermissions.fromString(file.use() == KeyFile.Use.PUBLIC ? "rw-r--r--" : "rw-------");
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        byte[] content = file.content(Primitives.best());
        try (PartialFile partial = PartialFile.create(path, false, PosixFilePermissions.asFileAttribute(mode))) {
            protect(path, partial.partialPath(), file.use(), mode);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                partial.channel().write(bytes);
            }
            partial.publishNew();
        } catch (RefusedException e) {
            throw new CliException(ExitCode.REFUSED, e.getMessage(), e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Before anything is in the file. What is public must be readable whatever the umask; a secret must not be, whatever the file system. */
    private static void protect(Path path, Path partial, KeyFile.Use use, Set<PosixFilePermission> mode)
            throws IOException {
        if (use == KeyFile.Use.PUBLIC) {
            Files.setPosixFilePermissions(partial, mode);
        } else if (((Integer) Files.getAttribute(partial, "unix:mode") & OTHERS) != 0) {
            throw CliException.refused("the file system of " + path
                    + " lets others read every file: name a place on one that keeps modes; nothing was written");
        }
    }

    private static CliException refused(String message) {
        return new CliException(ExitCode.NOT_AUTHENTIC, message);
    }
}
