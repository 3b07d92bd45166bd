<?php
namespace OmsBridge;

/** Puts the bridge into the shop and takes it out again; secret, identity and outbox outlive both. */
class Install
{
    const CODE = 'oms_bridge';
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function install()
    {
        $this->tables();
        $settings = $this->bridge->settings;
        if ($settings->get('secret') === null) {
            $settings->set('secret', self::newSecret());
        }
        if ($settings->get('identity') === null) {
            $settings->set('identity', Signature::uuid());
            $settings->set('home', $this->bridge->shop->url());
        }
        $this->hooks();
        $this->enable(true);
    }

    public function uninstall()
    {
        $this->unhook();
        if ($this->bridge->settings->get('secret') !== null) {
            $this->enable(false);
        }
    }

    public function enable($on)
    {
        $this->bridge->settings->set('enabled', $on ? '1' : '0');
        // The shop's own list of extensions shows this setting; nothing of ours reads it.
        $code = $this->bridge->shop->code();
        $table = $this->db->table('setting');
        $this->db->run('DELETE FROM ' . $table . ' WHERE `store_id` = 0 AND `code` = ' . $this->db->quote($code));
        $this->db->run('INSERT INTO ' . $table . ' (`store_id`, `code`, `key`, `value`, `serialized`) VALUES (0, ' . $this->db->quote($code) . ', '
            . $this->db->quote($code . '_status') . ', ' . ($on ? "'1'" : "'0'") . ', 0)');
    }

    public static function newSecret()
    {
        return Signature::random(32);
    }

    /** A copied shop must not speak for the original: it gets a name and a secret of its own and forgets the webhook. */
    public function newIdentity()
    {
        $settings = $this->bridge->settings;
        $settings->set('identity', Signature::uuid());
        $settings->set('secret', self::newSecret());
        $settings->set('home', $this->bridge->shop->url());
        $settings->set('webhook_url', null);
        $settings->set('webhook_error', null);
        $settings->set('webhook_failures', null);
        $settings->set('webhook_retry_at', null);
        $this->bridge->outbox->markAllDelivered();
    }

    public function hooks()
    {
        $this->unhook();
        foreach ($this->bridge->shop->events() as $event) {
            $this->insert('event', array('code' => self::CODE, 'description' => 'Entrepot OMS bridge', 'trigger' => $event[0], 'action' => $event[1], 'status' => 1, 'sort_order' => 900));
        }
        if ($this->bridge->shop->startup() !== null && $this->bridge->schema->has('startup')) {
            $this->insert('startup', array('code' => self::CODE, 'description' => 'Entrepot OMS bridge', 'action' => $this->bridge->shop->startup(), 'status' => 1, 'sort_order' => 0));
        }
    }

    /** Triggers that should be registered and are not. */
    public function missingHooks()
    {
        $rows = $this->db->rows('SELECT `trigger`, `action` FROM ' . $this->db->table('event') . ' WHERE `status` = 1 AND `code` = ' . $this->db->quote(self::CODE));
        $there = array();
        foreach ($rows as $row) {
            $there[] = $row['trigger'] . ' ' . $row['action'];
        }
        $missing = array();
        foreach ($this->bridge->shop->events() as $event) {
            if (!in_array($event[0] . ' ' . $event[1], $there, true)) {
                $missing[] = $event[0];
            }
        }
        if ($this->bridge->shop->startup() !== null && $this->bridge->schema->has('startup')
            && !$this->db->value('SELECT COUNT(*) FROM ' . $this->db->table('startup') . ' WHERE `status` = 1 AND `code` = ' . $this->db->quote(self::CODE))) {
            $missing[] = $this->bridge->shop->startup();
        }
        return $missing;
    }

    public static function names()
    {
        return array('oms_bridge_setting', 'oms_bridge_nonce', 'oms_bridge_key', 'oms_bridge_shipment', 'oms_bridge_event', 'oms_bridge_call');
    }

    public function tables()
    {
        $bodies = array(
            'oms_bridge_setting' => '`name` VARCHAR(64) NOT NULL, `value` TEXT NOT NULL, PRIMARY KEY (`name`)',
            'oms_bridge_nonce' => '`nonce` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `seen` INT NOT NULL, `counted` TINYINT NOT NULL,'
                . ' PRIMARY KEY (`nonce`), KEY `seen` (`seen`, `counted`)',
            'oms_bridge_key' => '`scope` VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `request_key` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,'
                . ' `body_hash` CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `done` TINYINT NOT NULL, `object_id` INT DEFAULT NULL, `result` TEXT, `created_at` DATETIME NOT NULL,'
                . ' PRIMARY KEY (`scope`, `request_key`), KEY `created_at` (`created_at`)',
            'oms_bridge_shipment' => '`shipment_id` INT NOT NULL AUTO_INCREMENT, `order_id` INT NOT NULL, `request_key` VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,'
                . ' `carrier` VARCHAR(400) NOT NULL, `tracking_number` VARCHAR(800) NOT NULL, `tracking_url` TEXT NOT NULL, `date_added` DATETIME NOT NULL,'
                . ' PRIMARY KEY (`shipment_id`), UNIQUE KEY `request_key` (`request_key`), KEY `order_id` (`order_id`)',
            'oms_bridge_event' => '`event_id` INT NOT NULL AUTO_INCREMENT, `kind` VARCHAR(32) CHARACTER SET ascii NOT NULL, `object_id` INT NOT NULL, `detail` TEXT NOT NULL,'
                . ' `origin` VARCHAR(8) CHARACTER SET ascii NOT NULL, `created_at` DATETIME NOT NULL, `delivered` TINYINT NOT NULL,'
                . ' PRIMARY KEY (`event_id`), KEY `delivered` (`delivered`, `event_id`), KEY `created_at` (`created_at`)',
            'oms_bridge_call' => '`call_id` INT NOT NULL AUTO_INCREMENT, `called_at` INT NOT NULL, `resource` VARCHAR(32) NOT NULL, `method` VARCHAR(8) NOT NULL, `status` SMALLINT NOT NULL,'
                . ' `code` VARCHAR(24) NOT NULL, `ms` INT NOT NULL, `ip` VARCHAR(45) NOT NULL, PRIMARY KEY (`call_id`)',
        );
        foreach ($bodies as $name => $body) {
            // InnoDB also in OpenCart 3: these rows must not vanish with a crash.
            $this->db->run('CREATE TABLE IF NOT EXISTS ' . $this->db->table($name) . ' (' . $body . ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4');
        }
        $this->bridge->settings->forget();
        $this->bridge->settings->set('tables', Version::TABLES);
    }

    private function unhook()
    {
        foreach ($this->bridge->schema->existing(array('event', 'startup')) as $table) {
            $this->db->run('DELETE FROM ' . $this->db->table($table) . ' WHERE `code` = ' . $this->db->quote(self::CODE));
        }
    }

    /** Inserts the columns this shop has; 4.0 lacks the description of a startup row. */
    private function insert($table, $values)
    {
        $values = array_intersect_key($values, array_flip($this->bridge->schema->columns($table)));
        $this->db->run('INSERT INTO ' . $this->db->table($table) . ' (`' . implode('`, `', array_keys($values)) . '`) VALUES ('
            . implode(', ', array_map(array($this->db, 'quote'), $values)) . ')');
    }
}
