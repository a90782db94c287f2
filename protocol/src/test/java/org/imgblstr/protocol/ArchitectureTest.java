package org.imgblstr.protocol;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.Test;

/** Who may know whom: docs/architecture.md, sections 1 and 7, read from the classes of the four modules below the programs. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.imgblstr");

    private static final Set<String> FILES = Set.of(
            "java.io.File",
            "java.io.FileDescriptor",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile");

    private static final Set<String> SOCKETS = Set.of(
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "java.net.MulticastSocket",
            "java.net.NetworkInterface",
            "java.net.URL",
            "java.net.URLConnection");

    private static final DescribedPredicate<JavaClass> OUTSIDE_WORLD = describe(
            "files, channels or sockets",
            type -> FILES.contains(type.getName())
                    || SOCKETS.contains(type.getName())
                    || type.getPackageName().startsWith("java.nio.channels")
                    || type.getPackageName().startsWith("java.nio.file")
                    || type.getPackageName().startsWith("java.net.http"));

    private static final DescribedPredicate<JavaClass> NETTY_BEYOND_BUFFERS = describe(
            "Netty beyond buffers",
            type -> type.getPackageName().startsWith("io.netty")
                    && !type.getPackageName().startsWith("io.netty.buffer")
                    && !type.getPackageName().startsWith("io.netty.util"));

    @Test
    void allFourModulesAreLookedAt() {
        assertThat(CLASSES.contain(TrackKind.class)).isTrue();
        assertThat(CLASSES.contain(Primitives.class)).isTrue();
        assertThat(CLASSES.contain(TrackSpace.class)).isTrue();
        assertThat(CLASSES.contain(Datagram.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void aBrokenRuleIsNoticed() {
        ArchRule untrue = noClasses().should().dependOnClassesThat().resideInAPackage("io.netty.buffer..");

        assertThatThrownBy(() -> untrue.check(CLASSES)).isInstanceOf(AssertionError.class);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("org.imgblstr.(**)")
                .should()
                .beFreeOfCycles()
                .because("a package of a circle can be read, tested and replaced only together with the others")
                .check(CLASSES);
    }

    @Test
    void wireAndEnginesKnowNoSession() {
        in(
                        "org.imgblstr.protocol.contract..",
                        "org.imgblstr.protocol.wire..",
                        "org.imgblstr.protocol.repair..",
                        "org.imgblstr.protocol.master..",
                        "org.imgblstr.protocol.slave..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.imgblstr.protocol.session..")
                .because(
                        "a session puts an engine, a network and disks together; what it puts together stands below it")
                .check(CLASSES);
    }

    @Test
    void theCodecKnowsNoOtherModuleAndDoesNoIo() {
        in("org.imgblstr.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.imgblstr.sealing..",
                        "org.imgblstr.disk..",
                        "org.imgblstr.protocol..",
                        "org.imgblstr.cli..")
                .orShould()
                .dependOnClassesThat(OUTSIDE_WORLD)
                .because("encoding is bytes in and bytes out, so that any thread of any program can use it")
                .check(CLASSES);
    }

    @Test
    void sealingKnowsNoOtherModuleAndDoesNoIo() {
        in("org.imgblstr.sealing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.imgblstr.codec..", "org.imgblstr.disk..", "org.imgblstr.protocol..", "org.imgblstr.cli..")
                .because("secrets and keys are bytes in and bytes out")
                .check(CLASSES);
        in("org.imgblstr.sealing..")
                .and()
                .areNotAssignableTo("org.imgblstr.sealing.primitive.Libcrypto")
                .should()
                .dependOnClassesThat(OUTSIDE_WORLD)
                .because("nothing but the look for libcrypto needs a file")
                .check(CLASSES);
    }

    @Test
    void sealingIsGivenItsTimeAndItsRandomness() {
        in("org.imgblstr.sealing..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callConstructor(SecureRandom.class)
                .orShould()
                .callConstructor(Random.class)
                .because("each step of a handshake is compared with vectors")
                .check(CLASSES);
    }

    @Test
    void ciphersAreCalledThroughTheirPrimitives() {
        outside("org.imgblstr.sealing.primitive..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.crypto..")
                .because("each primitive has several forms, and one place that chooses")
                .check(CLASSES);
    }

    @Test
    void theDiskKnowsNeitherProtocolNorPrograms() {
        in("org.imgblstr.disk..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.imgblstr.protocol..", "org.imgblstr.cli..")
                .because("an image is made and restored without a network")
                .check(CLASSES);
    }

    @Test
    void theProtocolKnowsNoProgram() {
        in("org.imgblstr.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.imgblstr.cli..")
                .because("sessions can be run by a program that has no command line")
                .check(CLASSES);
    }

    @Test
    void onlyTheProtocolKnowsNetty() {
        outside("org.imgblstr.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("whoever replaces the network library looks in one module")
                .check(CLASSES);
    }

    @Test
    void onlyTransportAndSessionKnowMoreOfNettyThanBuffers() {
        outside("org.imgblstr.protocol.transport..", "org.imgblstr.protocol.session..")
                .should()
                .dependOnClassesThat(NETTY_BEYOND_BUFFERS)
                .because("engines that knew event loops could not run in virtual time")
                .check(CLASSES);
    }

    @Test
    void onlyDiskAndSealingKnowJna() {
        outside("org.imgblstr.disk..", "org.imgblstr.sealing.primitive..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .because("system calls that Java does not offer have one door, and functions of OpenSSL another")
                .check(CLASSES);
    }

    @Test
    void onlyTheProgramsKnowPicocliAndLogback() {
        outside("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("picocli..").or(resideInAPackage("ch.qos.logback..")))
                .because("how a program is called and where it logs is the business of its command line")
                .check(CLASSES);
    }

    @Test
    void wireAndRepairKnowNoEngine() {
        in("org.imgblstr.protocol.wire..", "org.imgblstr.protocol.repair..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.imgblstr.protocol.master..",
                        "org.imgblstr.protocol.slave..",
                        "org.imgblstr.protocol.transport..")
                .because("both engines stand on them")
                .check(CLASSES);
    }

    @Test
    void theMasterDoesNotKnowTheSlaveNorAnyEngineTheTransport() {
        in("org.imgblstr.protocol.master..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.imgblstr.protocol.slave..", "org.imgblstr.protocol.transport..")
                .allowEmptyShould(true)
                .because("the two sides agree by the wire alone, and the simulation has no transport")
                .check(CLASSES);
        in("org.imgblstr.protocol.slave..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.imgblstr.protocol.master..", "org.imgblstr.protocol.transport..")
                .allowEmptyShould(true)
                .because("the two sides agree by the wire alone, and the simulation has no transport")
                .check(CLASSES);
    }

    @Test
    void enginesTouchNoFileChannelOrSocket() {
        engines()
                .should()
                .dependOnClassesThat(OUTSIDE_WORLD)
                .because("the simulation runs the engines without a disk and without a network")
                .check(CLASSES);
    }

    @Test
    void enginesReadNoClock() {
        engines()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .because("the simulation gives the engines their time")
                .check(CLASSES);
    }

    @Test
    void enginesStartNoThread() {
        engines()
                .should()
                .dependOnClassesThat(describe(
                        "threads",
                        type -> type.isAssignableTo(Thread.class)
                                || type.isAssignableTo(Executor.class)
                                || type.isEquivalentTo(Executors.class)
                                || type.isEquivalentTo(ForkJoinPool.class)
                                || type.isEquivalentTo(CompletableFuture.class)
                                || type.isEquivalentTo(Timer.class)))
                .because("a seed tells everything that happens only if one thread runs an engine")
                .check(CLASSES);
    }

    @Test
    void enginesAreGivenTheirRandomness() {
        engines()
                .should()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat(describe(
                        "random sources of their own",
                        type -> type.isEquivalentTo(SecureRandom.class)
                                || type.isEquivalentTo(ThreadLocalRandom.class)))
                .because("a simulation is repeated by its seed")
                .check(CLASSES);
    }

    /** What the simulation runs in virtual time: the engines and all they are made of. */
    private static GivenClassesConjunction engines() {
        return in(
                "org.imgblstr.protocol.wire..",
                "org.imgblstr.protocol.repair..",
                "org.imgblstr.protocol.sealing..",
                "org.imgblstr.protocol.manifest",
                "org.imgblstr.protocol.master..",
                "org.imgblstr.protocol.slave..");
    }

    private static GivenClassesConjunction in(String... packages) {
        return noClasses().that().resideInAnyPackage(packages);
    }

    private static GivenClassesConjunction outside(String... packages) {
        return noClasses().that().resideOutsideOfPackages(packages);
    }
}
