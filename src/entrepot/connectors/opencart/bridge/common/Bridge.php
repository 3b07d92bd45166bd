<?php
namespace OmsBridge;

/** The parts of the bridge, put together once per request. */
class Bridge
{
    public $shop;
    public $db;
    public $schema;
    public $settings;
    public $clock;
    public $gate;
    public $outbox;
    public $webhook;
    public $calls;
    public $once;

    public function __construct(Shop $shop)
    {
        $this->shop = $shop;
        $this->db = new Db($shop->database(), $shop->prefix());
        $this->schema = new Schema($this->db);
        $this->settings = new Settings($this->db);
        $this->clock = new Clock($this->db);
        $this->gate = new Gate($this->db, $this->settings, $this->clock);
        $this->outbox = new Outbox($this->db);
        $this->webhook = new Webhook($this->db, $this->settings, $this->outbox, $this->clock);
        $this->calls = new CallLog($this->db);
        $this->once = new Once($this->db);
    }

    /** What happened goes into the shop's log; what the caller learns is where it stands there. */
    public function broken($error)
    {
        $reference = Signature::random(6);
        $this->shop->log('OMS bridge ' . $reference . ': ' . $error->getMessage() . ' in ' . $error->getFile() . ' on line ' . $error->getLine());
        return new Refusal(500, 'internal', 'The shop could not answer; its error log has the reference.', array('reference' => $reference));
    }

    /** Brings the bridge's own tables up to date when its files were replaced without the installer (OpenCart 3). */
    public function prepare()
    {
        if ($this->settings->number('tables', 0) !== Version::TABLES) {
            $install = new Install($this);
            $install->tables();
        }
    }
}
