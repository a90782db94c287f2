package org.imgblstr.fuzz;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A fuzz target: a class in the tests of a module, with a method {@code fuzzerTestOneInput(byte[])} that throws when a decoder does what it must
 * not do, and a method {@code seeds()} that gives inputs made of real samples. {@code fuzz/targets.txt} lists all of them.
 *
 * @param name what the command and the report call it
 * @param module whose tests it belongs to
 * @param className with its package
 */
public record FuzzTarget(String name, String module, String className) {
    private static final Path FOLDER = Path.of(System.getProperty("fuzz.folder", "../fuzz"));

    /**
     * One input.
     *
     * @param name where it comes from
     */
    @SuppressWarnings("ArrayRecordComponent") // two inputs are never compared
    public record Input(String name, byte[] bytes) {}

    /** The targets of a module. */
    public static List<FuzzTarget> ofModule(String module) throws IOException {
        return all().stream().filter(target -> target.module.equals(module)).toList();
    }

    /** The target of a name. */
    public static FuzzTarget of(String name) throws IOException {
        return all().stream()
                .filter(target -> target.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fuzz target is called " + name));
    }

    private static List<FuzzTarget> all() throws IOException {
        List<FuzzTarget> targets = new ArrayList<>();
        for (String line : Files.readAllLines(FOLDER.resolve("targets.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" +", 5);
                targets.add(new FuzzTarget(words[0], words[1], words[2]));
            }
        }
        return targets;
    }

    /** A file of {@code fuzz/bases}. */
    public static Path base(String name) {
        return FOLDER.resolve("bases").resolve(name);
    }

    /**
     * Runs the target on its seeds, its findings and its corpus.
     *
     * @return how many inputs these are
     * @throws AssertionError when the target throws; it names the input
     */
    public int replay() throws IOException, ReflectiveOperationException {
        MethodHandle method = method();
        List<Input> inputs = inputs();
        for (Input input : inputs) {
            try {
                run(method, input.bytes());
            } catch (Throwable e) {
                throw new AssertionError("fuzz target " + name + ", input " + input.name(), e);
            }
        }
        return inputs.size();
    }

    /** The method of the target that takes an input. */
    MethodHandle method() throws ReflectiveOperationException {
        return MethodHandles.lookup()
                .findStatic(
                        Class.forName(className),
                        "fuzzerTestOneInput",
                        MethodType.methodType(void.class, byte[].class));
    }

    /** Runs a target on one input, and a second time when that has taken too much memory: classes are loaded then. */
    static void run(MethodHandle method, byte[] input) throws Throwable {
        try {
            method.invokeExact(input);
        } catch (Budget.ExceededException e) {
            method.invokeExact(input);
        }
    }

    /** All inputs that are kept. */
    List<Input> inputs() throws IOException, ReflectiveOperationException {
        List<Input> inputs = new ArrayList<>();
        for (byte[] seed : seeds()) {
            inputs.add(new Input("seed " + inputs.size(), seed));
        }
        Path findings = FOLDER.resolve("findings").resolve(name);
        if (Files.isDirectory(findings)) {
            try (Stream<Path> files = Files.list(findings)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(new Input("finding " + file.getFileName(), Files.readAllBytes(file)));
                }
            }
        }
        Path corpus = FOLDER.resolve("corpus").resolve(name + ".zip");
        if (Files.exists(corpus)) {
            try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(corpus))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    inputs.add(new Input(entry.getName(), zip.readAllBytes()));
                }
            }
        }
        return inputs;
    }

    @SuppressWarnings("unchecked")
    private List<byte[]> seeds() throws ReflectiveOperationException {
        return (List<byte[]>) Class.forName(className).getMethod("seeds").invoke(null);
    }

    @Override
    public String toString() {
        return name;
    }
}
