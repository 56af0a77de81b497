package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The BOM: it lists what a user needs and nothing else, and gives a consumer one version of Netty. */
class BomTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> UNRELEASED =
            List.of("penstock-example-vendor", "penstock-sample", "penstock-cli", "penstock-benchmarks");
    private static final Pattern NETTY = Pattern.compile("io\\.netty:(netty-[\\w-]+):jar:(?:[\\w-]+:)?([\\w.]+):");

    private static Document read(Path pom) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(pom.toString(), e);
        }
    }

    private static List<Element> managed(Document pom) {
        Element management =
                (Element) pom.getElementsByTagName("dependencyManagement").item(0);
        NodeList dependencies = management.getElementsByTagName("dependency");
        return Stream.iterate(0, i -> i + 1)
                .limit(dependencies.getLength())
                .map(i -> (Element) dependencies.item(i))
                .toList();
    }

    private static String child(Element parent, String name) {
        for (var child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                return child.getTextContent().strip();
            }
        }
        return "";
    }

    private static List<Path> poms() throws IOException {
        List<Path> poms = new ArrayList<>();
        for (String folder : List.of("core", "src-test-support", "vendors", "integrations", "cli", "benchmarks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder), 2)) {
                files.filter(file -> file.endsWith("pom.xml")).forEach(poms::add);
            }
        }
        return poms;
    }

    @Test
    void listsEveryReleasedModuleInItsVersionAndNettyAlone() throws IOException {
        Set<String> released = new TreeSet<>();
        for (Path pom : poms()) {
            Element project = read(pom).getDocumentElement();
            if (!child(project, "packaging").equals("pom") && !UNRELEASED.contains(child(project, "artifactId"))) {
                released.add(child(project, "artifactId"));
            }
        }
        Document bom = read(ROOT.resolve("bom/pom.xml"));
        Element root = read(ROOT.resolve("pom.xml")).getDocumentElement();
        Element properties = (Element) root.getElementsByTagName("properties").item(0);

        assertThat(released).contains("penstock-core", "penstock-micrometer", "penstock-spring-boot-starter");
        assertThat(managed(bom).stream()
                        .filter(each -> child(each, "groupId").equals("io.penstock"))
                        .map(each -> child(each, "artifactId")))
                .containsExactlyElementsOf(released);
        assertThat(managed(bom).stream()
                        .filter(each -> !child(each, "groupId").equals("io.penstock"))
                        .map(each -> child(each, "artifactId") + " " + child(each, "version")))
                .containsExactly("netty-bom " + child(properties, "netty.version"));
        assertThat(managed(bom).stream()
                        .filter(each -> child(each, "groupId").equals("io.penstock"))
                        .map(each -> child(each, "version")))
                .containsOnly(child(root, "version"));
        assertThat(child(bom.getDocumentElement(), "version")).isEqualTo(child(root, "version"));
    }

    // ---- a consumer ----

    /** Lays the poms of this build out as a repository. */
    private static void publish(Path repository) throws IOException {
        List<Path> all = new ArrayList<>(poms());
        all.add(ROOT.resolve("pom.xml"));
        all.add(ROOT.resolve("bom/pom.xml"));
        for (Path pom : all) {
            Element project = read(pom).getDocumentElement();
            String artifact = child(project, "artifactId");
            Path folder = Files.createDirectories(repository.resolve("io/penstock/" + artifact + "/0.1.0-SNAPSHOT"));
            Files.copy(pom, folder.resolve(artifact + "-0.1.0-SNAPSHOT.pom"));
        }
    }

    private static final String CONSUMER = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>consumer</artifactId>
              <version>1</version>
              <dependencyManagement>
                <dependencies>
                  <dependency>
                    <groupId>io.penstock</groupId>
                    <artifactId>penstock-bom</artifactId>
                    <version>0.1.0-SNAPSHOT</version>
                    <type>pom</type>
                    <scope>import</scope>
                  </dependency>
                </dependencies>
              </dependencyManagement>
              <dependencies>
                <dependency>
                  <groupId>io.penstock</groupId>
                  <artifactId>penstock-pentify</artifactId>
                </dependency>
                <dependency>
                  <groupId>io.penstock</groupId>
                  <artifactId>penstock-micrometer</artifactId>
                </dependency>
              </dependencies>
            </project>
            """;

    private static String settings(Path published, Path known) {
        return """
            <settings>
              <profiles>
                <profile>
                  <id>test</id>
                  <repositories>%1$s</repositories>
                  <pluginRepositories>%2$s</pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles><activeProfile>test</activeProfile></activeProfiles>
            </settings>
            """.formatted(
                        repository("repository", "published", published) + repository("repository", "known", known),
                        repository("pluginRepository", "known", known));
    }

    private static String repository(String element, String id, Path folder) {
        return "<" + element + "><id>" + id + "</id><url>" + folder.toUri() + "</url>"
                + "<releases><enabled>true</enabled><checksumPolicy>ignore</checksumPolicy></releases>"
                + "<snapshots><enabled>true</enabled><checksumPolicy>ignore</checksumPolicy></snapshots></" + element
                + ">";
    }

    private static String run(Path folder, Path log, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("%s ends", command[0])
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Set<String> nettyIn(String tree) {
        Set<String> versions = new TreeSet<>();
        Matcher netty = NETTY.matcher(tree);
        while (netty.find()) {
            versions.add(netty.group(2));
        }
        return versions;
    }

    /** Gradle reads the same BOM as a platform. */
    @Test
    @Tag("slow")
    void givesGradleConsumerOneNetty(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(isInstalled("gradle"), "no gradle on the PATH");
        Path published = folder.resolve("published");
        publish(published);
        Path project = Files.createDirectory(folder.resolve("consumer"));
        Files.writeString(project.resolve("settings.gradle"), "rootProject.name = 'consumer'\n");
        Files.writeString(project.resolve("build.gradle"), """
                plugins { id 'java' }
                repositories {
                    maven { url = uri('%s') }
                    mavenCentral()
                }
                dependencies {
                    implementation platform('io.penstock:penstock-bom:0.1.0-SNAPSHOT')
                    implementation 'io.penstock:penstock-pentify'
                }
                tasks.register('netty') {
                    def ids = configurations.runtimeClasspath.incoming.resolutionResult.allComponents
                    doLast { ids.each { println it.id.displayName + ':' } }
                }
                """.formatted(published.toUri()));

        String listed = run(project, folder.resolve("log"), "gradle", "-q", "--no-daemon", "netty");

        Set<String> versions = new TreeSet<>();
        Matcher netty = Pattern.compile("io\\.netty:netty-[\\w-]+:([\\w.]+):").matcher(listed);
        while (netty.find()) {
            versions.add(netty.group(1));
        }
        assertThat(versions).hasSize(1);
    }

    /** The consumer has a local repository of its own, which is filled from the one of this build. */
    @Test
    @Tag("slow")
    void givesMavenConsumerOneNetty(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(isInstalled("mvn"), "no mvn on the PATH");
        Path known =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        assumeTrue(
                Files.exists(known.resolve("org/apache/maven/plugins/maven-dependency-plugin/3.10.0")),
                "no maven-dependency-plugin 3.10.0 in " + known);
        publish(folder.resolve("published"));
        Path project = Files.createDirectory(folder.resolve("consumer"));
        Files.writeString(project.resolve("pom.xml"), CONSUMER);
        Path settings = Files.writeString(folder.resolve("settings.xml"), settings(folder.resolve("published"), known));
        String[] command = {
            "mvn",
            "-B",
            "-q",
            "-s",
            settings.toString(),
            "-Dmaven.repo.local=" + folder.resolve("local"),
            "-DoutputFile=" + folder.resolve("tree"),
            "org.apache.maven.plugins:maven-dependency-plugin:3.10.0:tree"
        };

        run(project, folder.resolve("log"), command);

        Set<String> with = nettyIn(Files.readString(folder.resolve("tree")));
        Element root = read(ROOT.resolve("pom.xml")).getDocumentElement();
        Element properties = (Element) root.getElementsByTagName("properties").item(0);
        assertThat(with).containsExactly(child(properties, "netty.version"));
    }
}
