package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.file.NameTakenException;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.transport.network.InterfaceException;
import org.imgblstr.protocol.transport.network.InterfaceException.Why;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

    /** For each row of the map a failure that it decides, and the code; twice where the row decides by more than the kind. */
    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(CliException.class, new CliException(13, "nobody"), 13),
                arguments(RefusedException.class, new RefusedException(Reason.DOES_NOT_FIT, "too small"), 10),
                arguments(RefusedException.class, new RefusedException(Reason.UNSAFE, "mounted"), 15),
                arguments(NameTakenException.class, new NameTakenException("a.img exists", null), 15),
                arguments(DeviceException.class, new DeviceException("reading failed", 5, null), 12),
                arguments(DeviceException.class, new DeviceException("no such device", 2, null), 2),
                arguments(DeviceException.class, new DeviceException("not yours", 13, null), 2),
                arguments(MalformedImageException.class, new MalformedImageException("a.img", 5, "this", "that"), 11),
                arguments(NotAuthenticException.class, new NotAuthenticException("a.img is not signed"), 16),
                arguments(
                        MalformedTableException.class,
                        new MalformedTableException("a.img", 1, 0, "EFI PART", "zeros"),
                        10),
                arguments(InterfaceException.class, new InterfaceException(Why.ABSENT, "no interface eth7"), 17),
                arguments(InterfaceException.class, new InterfaceException(Why.AMBIGUOUS, "eth0 or eth1"), 2),
                arguments(NetworkException.class, new NetworkException("eth0 has an MTU of 100"), 17),
                arguments(StoppedException.class, new StoppedException(), 130),
                arguments(InterruptedException.class, new InterruptedException(), 130),
                arguments(InterruptedIOException.class, new InterruptedIOException("interrupted"), 130),
                arguments(NoSuchFileException.class, new NoSuchFileException("a.img"), 2),
                arguments(AccessDeniedException.class, new AccessDeniedException("a.img"), 2),
                arguments(InvalidPathException.class, new InvalidPathException("a\0b", "Nul character not allowed"), 2),
                arguments(FileSystemException.class, new FileSystemException("a", null, "No space left on device"), 12),
                arguments(FileSystemException.class, new FileSystemException("a", null, "File name too long"), 2),
                arguments(IOException.class, new IOException("Broken pipe"), 12));
    }

    @ParameterizedTest(name = "{1} ends with {2}")
    @MethodSource("failures")
    void eachKindOfFailureHasItsExitCode(Class<?> kind, Throwable failure, int code) {
        assertThat(Failures.ROWS)
                .filteredOn(row -> row.kind().isInstance(failure))
                .first()
                .satisfies(row -> assertThat(row.kind()).isEqualTo(kind));
        assertThat(Failures.exitCode(failure)).isEqualTo(code);
    }

    @Test
    void eachRowOfTheMapIsTried() {
        assertThat(failures().map(tried -> tried.get()[0]))
                .containsAll(Failures.ROWS.stream().map(Failures.Row::kind).toList());
    }

    @Test
    void whatIsNoFailureOfTheWorldIsAFaultOfTheProgram() {
        assertThat(Failures.exitCode(new IllegalStateException("off by one"))).isEqualTo(1);
        assertThat(Failures.exitCode(new OutOfMemoryError("direct"))).isEqualTo(1);
    }

    @Test
    void aFileThatIsNoImageComesWithTheNextStep(@TempDir Path folder) throws IOException {
        for (String content : List.of("", "short", "root:x:0:0:root:/root:/bin/bash\n".repeat(20))) {
            Path file = Files.writeString(folder.resolve("passwd"), content);
            assertThatThrownBy(() -> ImageReader.open(file)).satisfies(e -> assertThat(Failures.message(e))
                    .contains("offset 0: expected an image")
                    .contains("name a file that 'imgblstr --upload' has made"));
        }
        assertThatThrownBy(() -> ImageReader.open(folder)).satisfies(e -> {
            assertThat(Failures.message(e)).isEqualTo(folder + ": Is a directory; name an image file");
            assertThat(Failures.exitCode(e)).isEqualTo(ExitCode.USAGE);
        });
        assertThat(Failures.message(new MalformedImageException("a.img", 9, "this", "that")))
                .endsWith("; take another copy of the image, or make it again");
    }

    @Test
    void anErrorIsOneLine() {
        int code = Failures.report("imgslave", new CliException(15, "one\n  two"), false, err);
        assertThat(code).isEqualTo(15);
        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("imgslave: one two" + System.lineSeparator());
    }

    @Test
    void theTraceComesWhenAskedFor() {
        Failures.report("imgslave", new CliException(15, "no"), true, err);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("imgslave: no")
                .contains("FailuresTest.java");
    }

    @Test
    void aFaultOfTheProgramSaysThatItIsOne() {
        Failures.report("imgslave", new IllegalStateException("off by one"), false, err);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("IllegalStateException: off by one")
                .contains("fault of the program");
    }
}
