package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Elements, views and gradients of a tensor by itself. */
class TensorTest {
  private static final CpuBackend CPU = CpuBackend.withoutBlas(1);

  private final Scope scope = CPU.newScope("model");
  private final Scope step = CPU.newScope("step");

  @AfterEach
  void closeScopes() {
    scope.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** 0 .. n-1 in these dimensions. */
  private Tensor counting(int... dims) {
    Tensor tensor = scope.zeros(DType.F64, dims);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, i);
    }
    return tensor;
  }

  private static Tensor at(Tensor view, double... expected) {
    assertThat(view.toDoubles()).containsExactly(expected);
    return view;
  }

  @Test
  void elementsAreStoredInEachType() {
    Tensor f32 = scope.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor f64 = scope.of(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor i32 = scope.of(new int[] {1, 2, 3, 4}, 2, 2);
    for (Tensor tensor : new Tensor[] {f32, f64, i32}) {
      at(tensor, 1, 2, 3, 4);
      tensor.set(2, 7.75);
      tensor.put(0, 10, true);
      tensor.put(1, 10, false);
    }
    at(f32, 11, 10, 7.75, 4);
    at(f64, 11, 10, 7.75, 4);
    at(i32, 11, 10, 7, 4);
    f32.set(0, 0.1);
    assertThat(f32.get(0)).isEqualTo(0.1f);
    assertThat(i32.getInt(2)).isEqualTo(7);
    assertThat(f32).hasToString("Tensor[2, 2] F32");
  }

  @Test
  void copiesConvertTheTypeAndCheckTheShape() {
    Tensor f64 = counting(2, 3);
    Tensor f32 = scope.zeros(DType.F32, 2, 3);
    f32.copyFrom(f64);
    at(f32, 0, 1, 2, 3, 4, 5);
    assertThat(f32.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> f32.copyFrom(counting(3, 2)))
        .hasMessage("cannot copy [3, 2] into [2, 3]");
    assertThatThrownBy(() -> f32.copyFrom(MemorySegment.ofArray(new float[5])))
        .hasMessage("Tensor[2, 3] F32 holds 24 bytes, got 20");
    assertThatThrownBy(f64::toFloats).hasMessage("toFloats() needs F32, this is Tensor[2, 3] F64");
  }

  @Test
  void itemNeedsExactlyOneElement() {
    assertThat(scope.of(new double[] {5}, 1, 1).item()).isEqualTo(5);
    assertThatThrownBy(() -> counting(2).item())
        .hasMessage("item() needs one element, shape is [2]");
  }

  @Test
  void viewsShareMemoryAndStridedOnesSayThatTheyHaveNoRows() {
    Tensor x = counting(3, 4);
    Tensor rows = at(x.slice(0, 1, 2), 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(rows.isContiguous()).isTrue();
    assertThat(rows.data().address()).isEqualTo(x.data().address() + 4 * 8);
    Tensor columns = x.slice(-1, 1, 2);
    assertThat(columns.isContiguous()).isFalse();
    assertThat(columns.storage().address()).isEqualTo(x.data().address());
    assertThatThrownBy(columns::data)
        .hasMessage("a strided view has no row-major data: Tensor[3, 2] F64");
    Tensor flat = x.reshape(2, -1);
    assertThat(flat.shape().toArray()).containsExactly(2, 6);
    assertThat(flat.data().address()).isEqualTo(x.data().address());
    x.set(4, -1);
    assertThat(rows.get(0)).isEqualTo(-1);
    assertThat(flat.get(4)).isEqualTo(-1);
  }

  @Test
  void nestedViewsReachTheRightElements() {
    Tensor x = counting(4, 6); // row i holds 6 i ..
    try (Tape _ = Tape.inference(step)) {
      at(x.slice(1, 2, 2).contiguous(), 2, 3, 8, 9, 14, 15, 20, 21);
      at(x.transpose(0, 1).slice(0, 1, 1).contiguous(), 1, 7, 13, 19);
      at(x.slice(0, 1, 2).slice(1, 4, 2).contiguous(), 10, 11, 16, 17);
      at(x.slice(1, 4, 2).slice(0, 1, 2).contiguous(), 10, 11, 16, 17);
      at(x.slice(0, 2, 2).transpose(0, 1).slice(0, 5, 1).contiguous(), 17, 23);
      at(x.slice(1, 1, 3).transpose(0, 1).slice(1, 3, 1).contiguous(), 19, 20, 21);
      at(x.slice(1, 1, 2).transpose(0, 1).transpose(0, 1).slice(0, 3, 1).contiguous(), 19, 20);
      at(x.slice(1, 1, 2).reshape(-1).slice(0, 3, 2), 8, 13);
      at(x.reshape(2, 2, 6).transpose(0, 2).slice(0, 3, 1).contiguous(), 3, 15, 9, 21);
      at(x.slice(0, 3, 1).slice(1, 5, 1).detach().contiguous(), 23);
    }
  }

  @Test
  void theGradientOfAViewIsThatPartOfTheBasesGradient() {
    Tensor x = counting(3, 4).requireGradient();
    Tensor part = x.slice(0, 1, 1);
    assertThat(part.requiresGradient()).isTrue();
    assertThat(part.gradient()).isNull();
    assertThat(part.startGradient()).as("must add, to zeros").isTrue();
    at(x.gradient(), new double[12]);
    part.gradient().set(2, 5);
    assertThat(x.gradient().get(6)).isEqualTo(5);
    assertThat(x.hasGradient()).isTrue();
    assertThat(part.hasGradient()).isTrue();
    part.clearGradient();
    assertThat(x.hasGradient()).isFalse();
    assertThat(part.startGradient()).isTrue();
    at(x.gradient(), new double[12]);
  }

  @Test
  void aViewOfTheWholeWritesItsBasesGradientWithoutClearingItFirst() {
    Tensor x = counting(3, 4).requireGradient();
    Tensor flat = x.reshape(12);
    assertThat(flat.startGradient()).isFalse();
    assertThat(flat.gradient().data().address()).isEqualTo(x.gradient().data().address());
    assertThat(flat.startGradient()).isTrue();
    assertThat(x.startGradient()).isTrue();
  }

  @Test
  void gradientsKeepTheirMemoryOverAClear() {
    Tensor x = counting(3).requireGradient();
    assertThat(x.startGradient()).isFalse();
    long address = x.gradient().data().address();
    x.clearGradient();
    assertThat(x.hasGradient()).isFalse();
    assertThat(x.startGradient()).isFalse();
    assertThat(x.startGradient()).isTrue();
    assertThat(x.gradient().data().address()).isEqualTo(address);
  }

  @Test
  void tokensHaveNoGradient() {
    Tensor ids = scope.of(new int[] {1}, 1);
    assertThatThrownBy(ids::requireGradient).hasMessage("token ids have no gradient");
  }

  @Test
  void shapesKnowTheirRowsColumnsAndEnds() {
    Shape shape = Shape.of(2, 3, 4);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.size()).isEqualTo(24);
    assertThat(shape.rows()).isEqualTo(6);
    assertThat(shape.columns()).isEqualTo(4);
    assertThat(shape.dim(-2)).isEqualTo(3);
    assertThat(shape.with(-1, 7)).isEqualTo(Shape.of(2, 3, 7)).hasToString("[2, 3, 7]");
    assertThat(shape.withoutLast()).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(shape.endsWith(Shape.of(3, 4))).isTrue();
    assertThat(shape.endsWith(Shape.of())).isTrue();
    assertThat(shape.endsWith(shape)).isTrue();
    assertThat(shape.endsWith(Shape.of(2, 3))).isFalse();
    assertThat(Shape.of(4).endsWith(shape)).isFalse();
    assertThat(Shape.of().size()).isEqualTo(1);
    assertThat(Shape.of().columns()).isEqualTo(1);
    assertThat(Shape.of(1 << 20, 1 << 20).size()).isEqualTo(1L << 40);
    int[] dims = shape.toArray();
    dims[0] = 9;
    assertThat(shape.dim(0)).isEqualTo(2);
  }
}
