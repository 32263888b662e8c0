package dev.tiebreak.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What fits on a screen can be read: files have at most 400 lines, methods at most 40. */
class SizeTest {
  private static final int FILE = 400;
  private static final int METHOD = 40;

  @Test
  void filesAreShort() {
    Stream<String> tooLong =
        House.sources(file -> House.lines(file) > FILE).stream()
            .map(file -> file + ": " + House.lines(file));
    assertThat(tooLong).isEmpty();
  }

  @Test
  void methodsAreShort() throws IOException {
    SortedMap<String, Long> tooLong = lengths();
    tooLong.values().removeIf(lines -> lines <= METHOD);
    assertThat(tooLong).isEmpty();
  }

  /** Lines of each method and constructor, from its annotations to its closing brace. */
  private static SortedMap<String, Long> lengths() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> sources = House.sources(House::isJava);
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      var task = (JavacTask) compiler.getTask(null, files, null, null, null, units);
      var lengths = new TreeMap<String, Long>();
      for (CompilationUnitTree unit : task.parse()) {
        new Measure(unit, Trees.instance(task).getSourcePositions(), lengths).scan(unit, "");
      }
      return lengths;
    }
  }

  /** Walks through a file; the place is the name of the class that it is in, with a dot. */
  private static final class Measure extends TreeScanner<Void, String> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final LineMap lines;
    private final SortedMap<String, Long> lengths;

    Measure(CompilationUnitTree unit, SourcePositions positions, SortedMap<String, Long> lengths) {
      this.unit = unit;
      this.positions = positions;
      this.lines = unit.getLineMap();
      this.lengths = lengths;
    }

    @Override
    public Void visitClass(ClassTree type, String place) {
      String outer = place.isEmpty() ? unit.getPackageName() + "." : place;
      return super.visitClass(type, outer + type.getSimpleName() + ".");
    }

    @Override
    public Void visitMethod(MethodTree method, String place) {
      lengths.merge(place + method.getName(), length(method), Math::max);
      return super.visitMethod(method, place);
    }

    private long length(Tree tree) {
      return lines.getLineNumber(positions.getEndPosition(unit, tree))
          - lines.getLineNumber(positions.getStartPosition(unit, tree))
          + 1;
    }
  }
}
