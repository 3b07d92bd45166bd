<?php
namespace OmsBridge;

/**
 * The bridge's own name-value table.
 *
 * Not the shop's setting table: OpenCart empties that on uninstall, and the secret and identity must outlive an update.
 */
class Settings
{
    private $db;
    private $values = null;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    public function get($name, $default = null)
    {
        if ($this->values === null) {
            $this->values = array();
            foreach ($this->db->rows('SELECT `name`, `value` FROM ' . $this->db->table('oms_bridge_setting')) as $row) {
                $this->values[$row['name']] = $row['value'];
            }
        }
        return isset($this->values[$name]) ? $this->values[$name] : $default;
    }

    public function number($name, $default)
    {
        return (int)$this->get($name, $default);
    }

    public function set($name, $value)
    {
        $this->get($name);
        if ($value === null) {
            $this->db->run('DELETE FROM ' . $this->db->table('oms_bridge_setting') . ' WHERE `name` = ' . $this->db->quote($name));
            unset($this->values[$name]);
            return;
        }
        $this->db->run('REPLACE INTO ' . $this->db->table('oms_bridge_setting') . ' (`name`, `value`) VALUES ('
            . $this->db->quote($name) . ', ' . $this->db->quote((string)$value) . ')');
        $this->values[$name] = (string)$value;
    }

    public function forget()
    {
        $this->values = null;
    }
}
