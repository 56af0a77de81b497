package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Javadoc of the main sources, as the compiler parses it. */
class JavadocStyleTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** The modules on the Javadoc site. */
    private static final List<String> SITE = List.of(
            "core",
            "src-test-support",
            "vendors/infraon",
            "vendors/invicti",
            "vendors/ixon",
            "vendors/pentify",
            "vendors/picus");

    private static final List<String> OFF_SITE =
            List.of("vendors/example", "integrations/micrometer", "integrations/spring-boot", "cli", "benchmarks");

    /** {@code Returns the size}, but not {@code Bytes of the body}: that is a plural with its attribute. */
    private static final Pattern VERB_FIRST = Pattern.compile("(Called|\\p{Lu}[a-z-]+s),? (?!of |whose ).*");

    private static final Set<String> NO_VERBS = Set.of("As", "Its", "This", "Always", "Less", "Others", "Unless");

    /** First words of clauses and predicates. */
    private static final Set<String> NO_NOUNS = Set.of(
            "Adds",
            "Builds",
            "Collects",
            "Creates",
            "Distinguishes",
            "Emits",
            "How",
            "If",
            "Is",
            "It",
            "Keeps",
            "Makes",
            "Returns",
            "Says",
            "Selects",
            "Sends",
            "Starts",
            "Supplies",
            "Tells",
            "That",
            "There",
            "What",
            "When",
            "Where",
            "Whether",
            "Which",
            "Who",
            "Whoever",
            "Whose",
            "Why");

    private static final double LEAST_SHARE = 0.99;

    private static final List<Declaration> ON_SITE = read(SITE);
    private static final List<Declaration> ALL =
            Stream.concat(ON_SITE.stream(), read(OFF_SITE).stream()).toList();

    @Test
    void beginsMethodsWithVerb() {
        requireOfMost(
                declaration -> declaration.kind == Kind.METHOD,
                sentence -> VERB_FIRST.matcher(sentence).matches() && !NO_VERBS.contains(firstWord(sentence)));
    }

    @Test
    void beginsTypesWithNounPhrase() {
        requireOfMost(
                declaration -> declaration.kind == Kind.TYPE, sentence -> !NO_NOUNS.contains(firstWord(sentence)));
    }

    private static void requireOfMost(Predicate<Declaration> wanted, Predicate<String> good) {
        List<Declaration> documented = ALL.stream()
                .filter(wanted)
                .filter(declaration -> !declaration.firstSentence().isEmpty())
                .toList();
        List<Declaration> offenders = documented.stream()
                .filter(declaration -> !good.test(declaration.firstSentence()))
                .toList();

        assertThat(documented).hasSizeGreaterThan(500);
        assertThat(1 - offenders.size() / (double) documented.size())
                .as("share of good first sentences; the others: %s", offenders)
                .isGreaterThanOrEqualTo(LEAST_SHARE);
    }

    private static String firstWord(String sentence) {
        return sentence.split("\\P{L}", 2)[0];
    }

    @Test
    void commentsEveryPublicTypeAndMemberOnSite() {
        assertThat(ON_SITE.stream().filter(Declaration::isOnSite)).hasSizeGreaterThan(1_000);
        assertThat(ON_SITE.stream()
                        .filter(Declaration::isOnSite)
                        .filter(declaration -> declaration.doc == null && !declaration.inherits))
                .isEmpty();
    }

    @Test
    void describesEveryComponentAndTypeParameterOnSite() {
        assertThat(ON_SITE.stream()
                        .filter(Declaration::isOnSite)
                        .filter(declaration -> declaration.doc != null
                                && !declaration.undescribed().isEmpty())
                        .map(declaration -> declaration + " " + declaration.undescribed()))
                .isEmpty();
    }

    /** Javadoc does not know the annotation {@code Internal}; it knows the tag {@code @hidden}, for each type by itself. */
    @Test
    void hidesInternalTypesAndMembersFromSite() {
        assertThat(ON_SITE.stream().filter(declaration -> declaration.internal)).hasSizeGreaterThan(50);
        assertThat(ON_SITE.stream()
                        .filter(declaration -> declaration.isVisible)
                        .filter(declaration -> declaration.isHidden() != declaration.mustHide))
                .isEmpty();
    }

    private enum Kind {
        TYPE,
        METHOD,
        FIELD
    }

    /**
     * A type or member.
     *
     * @param isVisible whether it and the types around it are public or protected
     * @param internal whether it or a type around it is marked internal
     * @param mustHide whether it is an internal type, or itself marked internal
     * @param inherits whether its comment may be that of another declaration: an override, a record's own constructor
     * @param named the components and type parameters
     */
    private record Declaration(
            Kind kind,
            String place,
            boolean isVisible,
            boolean internal,
            boolean mustHide,
            boolean inherits,
            List<String> named,
            @Nullable DocCommentTree doc) {

        boolean isOnSite() {
            return isVisible && !internal;
        }

        boolean isHidden() {
            return doc != null && doc.getBlockTags().stream().anyMatch(tag -> tag.getKind() == DocTree.Kind.HIDDEN);
        }

        List<String> undescribed() {
            List<String> described = doc == null
                    ? List.of()
                    : doc.getBlockTags().stream()
                            .filter(ParamTree.class::isInstance)
                            .map(tag -> ((ParamTree) tag).getName().toString())
                            .toList();
            return named.stream().filter(name -> !described.contains(name)).toList();
        }

        String firstSentence() {
            return doc == null
                    ? ""
                    : doc.getFirstSentence().stream()
                            .filter(part -> part.getKind() != DocTree.Kind.INHERIT_DOC)
                            .map(Object::toString)
                            .collect(Collectors.joining())
                            .replaceAll("\\s+", " ");
        }

        @Override
        public String toString() {
            return place + ": " + firstSentence();
        }
    }

    private static List<Declaration> read(List<String> modules) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Declaration> found = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources(modules)));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(unit, docs, found).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static List<Path> sources(List<String> modules) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    /** A collector of the declarations of a file, without those inside method bodies. */
    private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable ClassTree> {

        private final String file;
        private final DocTrees docs;
        private final List<Declaration> found;
        private boolean visible = true;
        private boolean internal;

        Reader(CompilationUnitTree unit, DocTrees docs, List<Declaration> found) {
            this.file = ROOT.relativize(Path.of(unit.getSourceFile().toUri())).toString();
            this.docs = docs;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree around) {
            List<String> named = new ArrayList<>(components(type));
            type.getTypeParameters()
                    .forEach(parameter -> named.add(parameter.getName().toString()));
            add(Kind.TYPE, type.getSimpleName().toString(), type.getModifiers(), around, false, named);
            boolean visibleAround = visible;
            boolean internalAround = internal;
            visible = isVisible(type.getModifiers(), around);
            internal = isInternal(type.getModifiers());
            super.visitClass(type, type);
            visible = visibleAround;
            internal = internalAround;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree around) {
            boolean own = around != null
                    && method.getName().contentEquals("<init>")
                    && around.getKind() == Tree.Kind.RECORD
                    && (method.getParameters().isEmpty()
                            || method.getParameters().stream()
                                    .map(parameter -> parameter.getName().toString())
                                    .toList()
                                    .equals(components(around)));
            boolean inherits = own || isAnnotated(method.getModifiers(), "Override");
            add(Kind.METHOD, method.getName().toString(), method.getModifiers(), around, inherits, List.of());
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree field, @Nullable ClassTree around) {
            add(Kind.FIELD, field.getName().toString(), field.getModifiers(), around, false, List.of());
            return null;
        }

        private void add(
                Kind kind,
                String name,
                ModifiersTree modifiers,
                @Nullable ClassTree around,
                boolean inherits,
                List<String> named) {
            found.add(new Declaration(
                    kind,
                    file + " " + name,
                    isVisible(modifiers, around),
                    isInternal(modifiers),
                    kind == Kind.TYPE ? isInternal(modifiers) : isAnnotated(modifiers, "Internal"),
                    inherits,
                    named,
                    docs.getDocCommentTree(getCurrentPath())));
        }

        private boolean isVisible(ModifiersTree modifiers, @Nullable ClassTree around) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean inInterface = around != null
                    && (around.getKind() == Tree.Kind.INTERFACE || around.getKind() == Tree.Kind.ANNOTATION_TYPE);
            boolean open = flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || (inInterface && !flags.contains(Modifier.PRIVATE));
            return visible && open;
        }

        private boolean isInternal(ModifiersTree modifiers) {
            return internal || isAnnotated(modifiers, "Internal");
        }

        private static boolean isAnnotated(ModifiersTree modifiers, String annotation) {
            return modifiers.getAnnotations().stream()
                    .anyMatch(found -> found.getAnnotationType().toString().equals(annotation));
        }

        private static List<String> components(ClassTree type) {
            if (type.getKind() != Tree.Kind.RECORD) {
                return List.of();
            }
            return type.getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .map(field -> field.getName().toString())
                    .toList();
        }
    }
}
