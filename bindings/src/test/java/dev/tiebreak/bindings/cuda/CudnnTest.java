package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.CudnnGraph.Edge;
import dev.tiebreak.bindings.cuda.CudnnGraph.Pointwise;
import dev.tiebreak.bindings.cuda.CudnnGraph.Reduction;
import dev.tiebreak.bindings.cuda.CudnnGraph.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What cuDNN is told, as the stand-in notes it: {@code #number type code attribute:values...}, with
 * the codes of cuDNN's header.
 */
@NeedsCudaDouble
class CudnnTest {
  private static final long[] SHAPE = {1, 2, 8, 8};
  private static final long[] STRIDES = {128, 64, 8, 1};
  private static final long[] ROW = {1, 2, 8, 1};
  private static final long[] ROW_STRIDES = {16, 8, 1, 1};
  private static final int NOT_SUPPORTED = 3000;

  private Cuda cuda;
  private Stream stream;
  private Cudnn cudnn;
  private CudnnGraph graph;
  private long live;

  @BeforeEach
  void useTheDouble() {
    cuda = CudaDouble.open();
    live = CudaDouble.live();
    stream = Stream.create();
    cudnn = Cudnn.create(stream);
    graph = new CudnnGraph(cudnn);
    CudaDouble.install();
  }

  @AfterEach
  void everythingIsGivenBack() {
    graph.close();
    cudnn.close();
    stream.close();
    assertThat(CudaDouble.live()).isEqualTo(live);
    assertThat(cuda.openResources()).isZero();
    cuda.close();
  }

  @Test
  void tensorsSayTypeDimensionsStridesNumberAndWhereTheyLie() {
    graph.tensor(Type.BFLOAT16, SHAPE, STRIDES);
    graph.virtual(Type.FLOAT32, ROW, ROW_STRIDES);
    graph.scalar();
    assertThat(CudaDouble.log())
        .containsExactly(
            "#1 type 17 901:9 902:1,2,8,8 903:128,64,8,1 906:1 900:16 907:0 908:0",
            "#2 type 17 901:0 902:1,2,8,1 903:16,8,1,1 906:2 900:16 907:1 908:0",
            "#3 type 17 901:0 902:1,1,1,1 903:1,1,1,1 906:3 900:16 907:0 908:1");
  }

  @Test
  void operationsSayWhatTheyReadAndWrite() {
    Edge x = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    Edge row = graph.virtual(Type.INT32, SHAPE, STRIDES);
    Edge mask = graph.virtual(Type.BOOLEAN, SHAPE, STRIDES);
    Edge y = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    CudaDouble.install();
    graph.matmul(x, x, y);
    graph.pointwise(Pointwise.EXP, x, y);
    graph.pointwise(Pointwise.SUB, x, x, y);
    graph.pointwise(Pointwise.CMP_GE, row, row, mask);
    graph.index(2, x, row);
    graph.select(x, y, mask, y);
    graph.reduce(Reduction.MAX, x, y);
    graph.reshape(x, y);
    assertThat(CudaDouble.log())
        .containsExactly(
            "#5 type 18 1500:0",
            "#6 type 19 1520:#1 1521:#1 1522:#4 1523:#5",
            "#7 type 0 0:13 1:0",
            "#8 type 13 750:#7 751:#1 753:#4 754:1 755:1",
            "#9 type 0 0:9 1:0",
            "#10 type 13 750:#9 751:#1 752:#1 753:#4 754:1 755:1",
            "#11 type 0 0:303 1:11",
            "#12 type 13 750:#11 751:#2 752:#2 753:#3 754:1 755:1",
            "#13 type 0 0:501 1:0 9:2",
            "#14 type 13 750:#13 751:#1 753:#2 754:1 755:1",
            "#15 type 0 0:601 1:0",
            "#16 type 13 750:#15 751:#1 752:#4 758:#3 753:#4 754:1 755:1",
            "#17 type 21 1600:3 1601:0",
            "#18 type 22 1610:#1 1611:#4 1612:#17",
            "#19 type 31 2200:#1 2201:#4");
  }

  @Test
  void aPlanIsBoundToAddressesOnceAndRunManyTimes() {
    Edge x = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    Edge scale = graph.scalar();
    Edge y = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    graph.pointwise(Pointwise.MUL, x, scale, y);
    CudnnPlan plan = graph.plan();
    assertThat(plan.workspaceBytes()).isEqualTo(4096);
    var addresses = new LinkedHashMap<Edge, Long>();
    addresses.put(x, 256L);
    addresses.put(y, 512L);
    CudaDouble.install();
    CudnnPlan.Bound bound = plan.bind(addresses, Map.of(scale, 0.5f), 1024);
    bound.run();
    bound.run();
    List<String> log = CudaDouble.log();
    assertThat(log).hasSize(3);
    assertThat(log.getFirst()).matches("#11 type 16 1000:1,3,2 1001:256,512,\\d+ 1003:1024");
    assertThat(log.subList(1, 3)).containsExactly("execute #10 #11", "execute #10 #11");
    CudaDouble.fail("cudnnBackendExecute", NOT_SUPPORTED);
    assertThatThrownBy(bound::run)
        .hasMessage(
            "cudnnBackendExecute failed with CUDNN_STATUS_NOT_SUPPORTED (3000): the double was told"
                + " to fail");
  }

  @Test
  void aPlanTakesTheFirstEngineThatFits() {
    copy();
    CudaDouble.install();
    CudaDouble.fail("cudnnBackendFinalize", NOT_SUPPORTED, 2); // the first plan
    graph.plan();
    assertThat(CudaDouble.log())
        .containsExactly(
            "#5 type 15 800:handle 801:#4",
            "#6 type 4 201:#5 200:3",
            "#10 type 5 400:handle 401:#8");
  }

  @Test
  void withoutHeuristicsTheFallbackIsAsked() {
    copy();
    CudaDouble.install();
    CudaDouble.fail("cudnnBackendFinalize", NOT_SUPPORTED, 1);
    graph.plan();
    assertThat(CudaDouble.log())
        .containsExactly(
            "#5 type 15 800:handle 801:#4",
            "#7 type 4 201:#5 200:2",
            "#10 type 5 400:handle 401:#8");
  }

  @Test
  void aGraphThatCuDnnDoesNotTakeIsAnErrorInItsWords() {
    copy();
    CudaDouble.fail("cudnnBackendFinalize", NOT_SUPPORTED);
    assertThatThrownBy(graph::plan)
        .hasMessage(
            "cudnnBackendFinalize of the graph failed with CUDNN_STATUS_NOT_SUPPORTED (3000): the"
                + " double was told to fail");
  }

  @Test
  void anAttributeThatIsRefusedNamesItselfAndItsDescriptor() {
    CudaDouble.fail("cudnnBackendSetAttribute", NOT_SUPPORTED, 1);
    assertThatThrownBy(() -> graph.tensor(Type.FLOAT32, SHAPE, STRIDES))
        .hasMessageStartingWith("cudnnBackendSetAttribute 902 of tensor 1 failed with");
    graph.close();
    assertThatThrownBy(graph::scalar).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aHandleThatGetsNoStreamIsGivenBack() {
    long before = CudaDouble.live();
    CudaDouble.fail("cudnnSetStream", NOT_SUPPORTED);
    assertThatThrownBy(() -> Cudnn.create(stream)).hasMessageStartingWith("cudnnSetStream failed");
    assertThat(CudaDouble.live()).isEqualTo(before);
    assertThat(cudnn.version()).isEqualTo(91900);
  }

  private void copy() {
    Edge x = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    Edge y = graph.tensor(Type.FLOAT32, SHAPE, STRIDES);
    graph.pointwise(Pointwise.IDENTITY, x, y);
  }
}
