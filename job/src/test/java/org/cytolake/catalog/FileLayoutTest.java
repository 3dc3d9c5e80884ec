package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.ImageFile;
import org.cytolake.field.Well;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileLayoutTest {
  @TempDir Path folder;

  private static FoundFile found(String relative) {
    return new FoundFile(new ImageFile("file:/in/" + relative, 1, 1), "file:/in/".length());
  }

  /** Names as the instruments' programs are known to write them, and what each means. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // MetaXpress: with site and wavelength; with a GUID; one site; one wavelength; in folders
        "imagexpress | IXMtest_A01_s1_w1.tif | channel=1 field=1 plate=IXMtest well=A01",
        "imagexpress | 24278_P24_s9_w3C6A29E8F-0C7E-4B3C-9F4D-6D5C9A1B2C3D.tif | channel=3 field=9"
            + " plate=24278 well=P24",
        "imagexpress | HCS_B02_w2.TIF | channel=2 plate=HCS well=B02",
        "imagexpress | HCS_B02_s4.TIF | channel=1 field=4 plate=HCS well=B02",
        "imagexpress | 2024-05-01/1234/TimePoint_3/ZStep_2/My_plate_AF48_s1_w1.tif | channel=1"
            + " field=1 plate=My_plate timepoint=3 well=AF48 zstep=2",
        // Opera: row, column, field; channels within
        "opera | Meas_01/003012007.flex | field=007 plate=Meas_01 well=C12",
        // Operetta, Harmony 3
        "operetta | plateX/002003-4-001002003.tif | channel=003 field=4 plate=plateX timepoint=001"
            + " well=B03 zstep=002",
        // CV7000, CV8000 (384, 1536 wells)
        "cellvoyager | AssayPlate_Greiner_B03_T0001F001L01A01Z01C01.tif | channel=01 field=001"
            + " plate=AssayPlate_Greiner timepoint=0001 well=B03 zstep=01",
        "cellvoyager | run/20200812-cells_AA07_T0002F012L01A03Z05C04.png | channel=04 field=012"
            + " plate=20200812-cells timepoint=0002 well=AA07 zstep=05",
        // IN Cell Analyzer 2000, 6000; with z and time; 3000 (BBBC013, SBS)
        "incell | A - 1(fld 1 wv DAPI - DAPI).tif | channel=DAPI - DAPI field=1 well=A01",
        "incell | plate 7/H - 12(fld 3 wv Green - dsRed z 2).tif | channel=Green - dsRed field=3"
            + " plate=plate 7 well=H12 zstep=2",
        "incell | B - 02(fld 04 wv Cy3 - Cy3 time 1 - 1000 ms).tif | channel=Cy3 - Cy3 field=04"
            + " timepoint=1 well=B02",
        "incell | Channel1-01-A-01.tif | channel=1 well=A01",
        "incell | BBBC013/Channel2-96-H-12.BMP | channel=2 plate=BBBC013 well=H12",
        // IncuCyte: by elapsed time and by date
        "incucyte | VID289_A1_1_00d04h00m.tif | channel=1 field=1 plate=VID289 timepoint=00d04h00m"
            + " well=A01",
        "incucyte | VID289_H12_4_2020y05m12d_14h30m.jpg | channel=1 field=4 plate=VID289"
            + " timepoint=2020y05m12d_14h30m well=H12",
        // Operetta CLS and Opera Phenix, Harmony 4 and 5
        "harmony | P1__2021-03-02T11_20_44-Measurement 1/Images/r01c02f03p01-ch1sk1fk1fl1.tiff |"
            + " channel=1 field=03 plate=P1__2021-03-02T11_20_44-Measurement 1 timepoint=1 well=A02"
            + " zstep=01",
        "harmony | r16c24f15p10-ch4sk2fk1fl1.tiff | channel=4 field=15 timepoint=2 well=P24"
            + " zstep=10",
        // Micro-Manager 1.4, 2.0, with the HCS positions, stacks
        "micromanager | Pos0/img_000000000_DAPI_000.tif | channel=DAPI field=Pos0"
            + " timepoint=000000000 zstep=000",
        "micromanager | run1/B3-Site_2/img_000000001_Cy5_004.tif | channel=Cy5 field=2 plate=run1"
            + " timepoint=000000001 well=B03 zstep=004",
        "micromanager | acq/Default/img_channel001_position002_time000000003_z004.tif | channel=001"
            + " field=002 plate=acq timepoint=000000003 zstep=004",
        "micromanager | run2_MMStack_1-A1-Site_0.ome.tif | field=0 plate=run2 well=A01",
        // CQ1, CQ3000: loose, and below the plate's folder
        "cq1 | W0018F0002T0001Z003C1.tif | channel=1 field=0002 timepoint=0001 wellnumber=0018"
            + " zstep=003",
        "cq1 | 20260120T172222_20X_W/Image/W0014F0001T0001Z001C4.tif | channel=4 field=0001"
            + " plate=20260120T172222_20X_W timepoint=0001 wellnumber=0014 zstep=001",
        // scanR: a plate, and a slide
        "scanr | plate_008/A1--W00001--P00002--Z00000--T00000--Transmission-CSU.tif |"
            + " channel=Transmission-CSU field=00002 plate=plate_008 timepoint=00000 well=A01"
            + " zstep=00000",
        "scanr | 0021-02--2005-09-14/data/--W00100--P00001--Z00000--T00000--dapi.tif | channel=dapi"
            + " field=00001 plate=0021-02--2005-09-14 timepoint=00000 wellnumber=00100 zstep=00000",
        // MatrixScreener
        "leica | slide--S00/chamber--U07--V02/field--X01--Y00/image--L0000--S00--U07--V02--J07--E02"
            + "--O01--X01--Y00--T0000--Z05--C00.ome.tif | chamberx=07 chambery=02 channel=00"
            + " fieldx=01 fieldy=00 slide=00 timepoint=0000 zstep=05",
        // OME-TIFF, all channels in a file
        "ome | plate1_A01_3.ome.tif | field=3 plate=plate1 well=A01",
        "ome | sub/C7-s2.ome.tiff | field=2 well=C07"
      })
  void namesAreReadAsDocumented(String option, String name, String expected) {
    isReadAs(option, name, expected);
  }

  /**
   * Names as they stand in public documentation, data sets, and the programs and tests of others
   * that read them; the meaning is what is said there.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // ImageXpress: EZStitcher, appendix on microscope formats
        "imagexpress | plate_folder/TimePoint_1/A01_s2_w1.tif | channel=1 field=2"
            + " plate=plate_folder timepoint=1 well=A01",
        "imagexpress | plate_folder/TimePoint_1/ZStep_2/A01_s1_w1.tif | channel=1 field=1"
            + " plate=plate_folder timepoint=1 well=A01 zstep=2",
        "imagexpress | plate_folder/TimePoint_1/A01_s1_w2_z1.tif | channel=2 field=1"
            + " plate=plate_folder timepoint=1 well=A01 zstep=1",
        // ImageXpress Micro: Broad Bioimage Benchmark Collection 21 and 22
        "imagexpress | Week4_27481/G10_s1_w1BEDC2073-A983-4B98-95E9-84466707A25D.tif | channel=1"
            + " field=1 plate=Week4_27481 well=G10",
        "imagexpress | IXMtest_A01_s1_w164FBEEF7-F77C-4892-86F5-72D0160D4FB2.tif | channel=1"
            + " field=1 plate=IXMtest well=A01",
        // Opera, Flex: OME's public images of idr0007; row, column, field
        "opera | Plate1/001001000.flex | field=000 plate=Plate1 well=A01",
        // Operetta by Columbus 2.4: '001001' the well, '1' the field, the channel last
        "operetta | screen/P1/001002-1-001001001.tif | channel=001 field=1 plate=P1 timepoint=001"
            + " well=A02 zstep=001",
        "operetta | parental-15MIN/007011-6-001001003.TIF | channel=003 field=6"
            + " plate=parental-15MIN timepoint=001 well=G11 zstep=001",
        // Opera Phenix, Harmony: Cell Painting Gallery (JUMP), a plate of time points (sk)
        "harmony |"
            + " BR00117035__2021-05-02T16_02_51-Measurement1/Images/r01c01f01p01-ch1sk1fk1fl1.tiff"
            + " | channel=1 field=01 plate=BR00117035__2021-05-02T16_02_51-Measurement1 timepoint=1"
            + " well=A01 zstep=01",
        "harmony | r02c02f01p01-ch1sk4fk1fl1.tiff | channel=1 field=01 timepoint=4 well=B02"
            + " zstep=01",
        // Opera Phenix with three digits of the field: EZStitcher
        "harmony | r01c01f002p01-ch1sk1fk1fl1.tiff | channel=1 field=002 timepoint=1 well=A01"
            + " zstep=01",
        // CellVoyager CV7000, CV8000: spacr's and others' tests
        "cellvoyager | plate1_B03_T0001F002L01A01Z01C02.tif | channel=02 field=002 plate=plate1"
            + " timepoint=0001 well=B03 zstep=01",
        "cellvoyager | AssayPlate_PerkinElmer_CellCarrier-384_A01_T0001F001L01A04Z01C03.tif |"
            + " channel=03 field=001 plate=AssayPlate_PerkinElmer_CellCarrier-384 timepoint=0001"
            + " well=A01 zstep=01",
        // IN Cell Analyzer 2200: names in programs of several groups; 3000: BBBC 13
        "incell | ECAD/A - 8(fld 1 wv Cy5 - Cy5).tif | channel=Cy5 - Cy5 field=1 plate=ECAD"
            + " well=A08",
        "incell | Channel1-01-A-01.BMP | channel=1 well=A01",
        // IncuCyte: LIVECell's prefix; a guide for exports with the channel as prefix
        "incucyte | A172_Phase_A7_1_00d00h00m.tif | channel=Phase field=1 plate=A172"
            + " timepoint=00d00h00m well=A07",
        "incucyte | Raw/Phase_B3_1_00d00h00m.tif | channel=Phase field=1 timepoint=00d00h00m"
            + " well=B03",
        // Micro-Manager 1.4: mosaic planner; 2.0: separate files and stacks, with and without wells
        "micromanager | images/1-Pos_001_000/img_000000000_DAPI_000.tif | channel=DAPI"
            + " field=1-Pos_001_000 timepoint=000000000 zstep=000",
        "micromanager | LB_MSS109_0min_100ms_1/Default/img_channel000_position000_time000000000_"
            + "z000.tif | channel=000 field=000 plate=LB_MSS109_0min_100ms_1 timepoint=000000000"
            + " zstep=000",
        "micromanager | PEBr-1_4_1/PEBr-1_4_1_MMStack_B2-Site_0.ome.tif | field=0 plate=PEBr-1_4_1"
            + " well=B02",
        "micromanager | RPE1wt_CEP152+GTU88+PCNT_1_MMStack_1-Pos_000_001.ome.tif |"
            + " field=1-Pos_000_001 plate=RPE1wt_CEP152+GTU88+PCNT_1",
        "micromanager | Invitrogen_slide_3_MMStack_Pos0.ome.tif | field=Pos0"
            + " plate=Invitrogen_slide_3",
        // Cytation 10, Gen5: well, step, channel by number, image in the well, channel, read
        "cytation | A1_01_1_1_DAPI_001.tif | channel=DAPI field=1 timepoint=001 well=A01",
        "cytation | source/A01_01_2_1_GFP_001.tif | channel=GFP field=1 plate=source timepoint=001"
            + " well=A01",
        // CellInsight CX5 and ArrayScan: microscopium's and others' parsers
        "cellinsight | MFGTMP_140206180002_A01f00d0.TIF | channel=0 field=00"
            + " plate=MFGTMP_140206180002 well=A01",
        "cellinsight | MFGTMP_141029170001/MFGTMP_141029170001_A01f00d0.C01 | channel=0 field=00"
            + " plate=MFGTMP_141029170001 well=A01"
      })
  void namesOfPublicSources(String option, String name, String expected) {
    isReadAs(option, name, expected);
  }

  private static void isReadAs(String option, String name, String expected) {
    FoundFile file = found(name);
    for (String asked : List.of(option, FileLayout.AUTO)) {
      FileLayout.Proposal proposal = FileLayout.propose(asked, List.of(file)).orElseThrow();
      assertThat(proposal.layout().option()).isEqualTo(option);
      FilePattern.Match match = proposal.pattern().match(file).orElseThrow();
      Map<String, String> values = new TreeMap<>();
      if (proposal.pattern().hasChannel()) {
        values.put("channel", match.channel());
      }
      for (int g = 0; g < match.groups().size(); g++) {
        values.put(proposal.pattern().groups().get(g), match.groups().get(g));
      }
      assertThat(String.join(" ", values.entrySet().stream().map(Object::toString).toList()))
          .isEqualTo(expected);
    }
  }

  /** Thumbnails, overlays and other programs' files are none of them. */
  @ParameterizedTest
  @CsvSource({
    "IXMtest_A01_s1_w1_thumb8F.tif",
    "AS_09125_050116000001_A24f00d0_slice1_channel1.tif",
    "Index.idx.xml",
    "A01.tif"
  })
  void othersAreLeftAlone(String name) {
    assertThat(FileLayout.propose(FileLayout.AUTO, List.of(found(name)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "A1, A01",
    "A01, A01",
    "A-01, A01",
    "a - 1, A01",
    "r01c01, A01",
    "R16C24, P24",
    "AF48, AF48",
    "AA1, AA01",
    "P024, P24"
  })
  void wellsHaveOneName(String text, String name) {
    assertThat(Well.parse(text).map(Well::toString)).contains(name);
  }

  @ParameterizedTest
  @CsvSource({"A0", "A49", "AG1", "r33c1", "1A", "ctrl", "A", "A1b"})
  void othersAreNoWells(String text) {
    assertThat(Well.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"B03, 6", "C04, 12", "D06, 24", "F08, 48", "H12, 96", "P24, 384", "AF48, 1536"})
  void platesAreRecognised(String last, int wells) {
    assertThat(Well.plateOf(List.of(new Well(0, 1), Well.parse(last).orElseThrow())))
        .isEqualTo(wells);
  }

  private Listing list(Map<String, String> options, String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
    Map<String, String> all = new TreeMap<>(options);
    all.put("path", folder.toString());
    return Listing.of(SourceOptions.of(all), new Configuration());
  }

  @Test
  void rowAndColumnOfAPatternMakeTheWell() throws IOException {
    Listing listing =
        list(
            Map.of("pattern", "c(?<channel>\\d)-(?<row>[A-H])-(?<column>\\d\\d)\\.tif"),
            "c1-A-01.tif",
            "c2-A-01.tif",
            "c1-B-12.tif",
            "c2-B-12.tif");
    assertThat(listing.groups()).containsExactly("well");
    assertThat(listing.images()).extracting(i -> i.image()).containsExactly("A01", "B12");
  }

  @Test
  void imagesOfALayout() throws IOException {
    Listing listing =
        list(Map.of("layout", "auto"), "Channel1-01-A-01.tif", "Channel2-01-A-01.tif", "notes.txt");
    assertThat(listing.groups()).containsExactly("well");
    assertThat(listing.channelKeys()).containsExactly("1", "2");
    assertThat(listing.images()).hasSize(1);
    assertThat(listing.ignored()).isEqualTo(1);
  }

  @Test
  void filesOfAllChannelsAreImagesWithGroups() throws IOException {
    Listing listing = list(Map.of("layout", "ome"), "p_A01_1.ome.tif", "p_A01_2.ome.tif");
    assertThat(listing.channelKeys()).isEmpty();
    assertThat(listing.images()).extracting(i -> i.image()).containsExactly("p_A01_1", "p_A01_2");
  }

  @Test
  void whatFitsNothingIsAnsweredWithTheLayoutThatWould() {
    assertThatThrownBy(
            () -> list(Map.of("pattern", "(?<channel>x)\\.tif"), "r01c02f03p01-ch1sk1fk1fl1.tiff"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("--layout harmony fits 1 of them");
    assertThatThrownBy(() -> list(Map.of("layout", "opera")))
        .hasMessageContaining("layout 'opera'")
        .hasMessageContaining("--layout harmony fits 1 of them");
    assertThatThrownBy(() -> list(Map.of("layout", "operas")))
        .hasMessageContaining("There is no layout 'operas'")
        .hasMessageContaining("harmony");
    assertThatThrownBy(() -> list(Map.of("layout", "opera", "pattern", "x")))
        .hasMessageContaining("Both the layout");
  }

  @Test
  void overviewOfAFolder() throws IOException {
    list(
        Map.of("layout", "auto"),
        "p_A01_s1_w1.tif",
        "p_A01_s1_w2.tif",
        "p_A01_s2_w1.tif",
        "p_A01_s2_w2.tif",
        "p_B02_s1_w1.tif",
        "p_B02_s1_w2.tif",
        "p_C04_s1_w1.tif",
        "p_C04_s2_w1.tif",
        "p_C04_s2_w2.tif");
    String text = Inspector.inspect(folder.toString(), "auto", new Configuration()).text();
    assertThat(text)
        .containsPattern("layout +imagexpress, 9 of 9 files")
        .containsPattern("plates +1: p")
        .containsPattern("wells +p: 3 of a plate of 12: A01, B02, C04")
        .containsPattern("field +2: 1, 2")
        .containsPattern("channels +1, 2")
        .containsPattern("images +4")
        .containsPattern("gaps +2")
        .contains("Image p_C04_1 has no file for channel '2'.")
        .contains("Well p B02 has no field 2.")
        .contains("cytolake analyze --input " + folder + " --layout imagexpress");
  }
}
