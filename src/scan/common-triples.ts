/**
 * Three bytes each, the most frequent of source text first: in 38 MB of C, JavaScript, Python and their documentation, folded to
 * lower case, the first made 35 of 10,000 places and the last 2. Only for choosing what to look for.
 */
export const commonTriples = [
  " thionthetioconhe enting co reons inodeterdefstrineed nsttypypecomintst ateon forameor menassis finect totursta",
  "retnamefi detriander thi stif to // resetuctiallurnng clahisne  anrinatint  islasvalparspacodnte no fopro oftor",
  "of  a es   /rn ort ifext senodendreaessuncvernd an iteilelin clommfunse   cpree testsetkeyle panexpin   iersfil",
  "e sbleget pr //istporper cae iith maeraerrre opetedindchendeuse ex  r wiontcal padatnctrefnote cchaaluser bes a",
  "abl lilue fiarapti __e atesratmats tertareinsnumoptssle, pentru  tsioeadn ttat optrall ss=ordage va usneddern c",
  "ackang asde  araset tsynmodet ultwitlocsl_th ranere  smmeworherrroormramrecizeat f tme  chal ali untinntaens/co",
  "e fpattemit ror ente en ts lent ilice otchjecacenceself (ns har tyargoutobjign numpllatencce nalompren itt, cat",
  "lettexrom onaintarinielepecequatoef rt pacoretenis. keberas ataart dimbeste allesndi ne<codesbe  oreveaddeme_co",
  "onetha, tlseces></s,  whar fer_rebjeimpt cmet trsig</sposelfireot hre</credd ttabundathssit aullch ct an>froinc",
  "umbivehanr thatly _int se pime le haidefieatce =liss intsernmesoidsinpla fude>_ty  ettp frrmadis/sphttsedlib<sp",
  "xmlpledifnerntiid  loputinft on aucttim tee:  naattscr gemin mo medintreli>sizrsinewillalsvoiut ss dirruceriact",
  "lanachthoeckarr si suspehecreqcan donseoolregcrivarenae d.comanven, shasighnfod iifitainsisseumerip_st/nourepe ",
  " <cgin byxporacossdenom , il_crsears  dockoveodu://s fywoe reywque</adec pon iicaiti sollo<a butule/a>sk_basete",
  "rd rraonfleaicecol hrticounef=enggitipt buve ourntrs octeeats =anse lefaaulclu, clowritue rep  fxteet_ttereeast",
  "larfaulemlitmaptmldulcurhtmnitesenge, oflatpssubeth  pr,   a/liecoprick_mpoe ecas_se xmsec_decreyn d ae nptrapp",
  "ps:whebufanter.a h, aointannul_chctoffes:/rayt =ials socanclngt el  m fa boeneedin ory genunicopinkxslemp(coe m",
  "henescghtam ludsltavee uutigth  vdeder_ spailropecio troud bmiton_rcet fuesboot xwardocnonriad, e bic rtiariual",
  "ttrld othdepudertsn segiute shespx50nfiitychit b erelsuff ob wahinwhion.ruexprstodexwins nlaga><aryby  la voyou",
  "rre tae _ustthrge   ur ae wostctxorss cildrs tryts.onaancetaemaermiesllvenucorademmaheansspliett vi  l  bwilapi",
  "nt>unsn kst_ ver i daedefiges.d ct pinae vds t dsourigtalonln><urcsesanyshoed.cen : ckeashesu<liquisitralerfbac",
].join("");
