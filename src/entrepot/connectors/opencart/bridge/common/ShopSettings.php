<?php
namespace OmsBridge;

/** Settings of the main store as they are saved, whatever sub-store or maintenance override this request runs under. */
class ShopSettings
{
    private $values = array();

    public function __construct(Db $db, $keys)
    {
        $quoted = array_map(array($db, 'quote'), $keys);
        $rows = $db->rows('SELECT `key`, `value`, `serialized` FROM ' . $db->table('setting') . ' WHERE `store_id` = 0 AND `key` IN (' . implode(',', $quoted) . ')');
        foreach ($rows as $row) {
            $this->values[$row['key']] = $row['serialized'] ? json_decode($row['value'], true) : $row['value'];
        }
    }

    public function get($key, $default = null)
    {
        return isset($this->values[$key]) ? $this->values[$key] : $default;
    }

    public function number($key)
    {
        return isset($this->values[$key]) && is_numeric($this->values[$key]) ? (int)$this->values[$key] : null;
    }

    public function numbers($key)
    {
        return isset($this->values[$key]) && is_array($this->values[$key]) ? array_values(array_map('intval', $this->values[$key])) : array();
    }

    /** 4.1 names the storefront's language apart from the admin's. */
    public function language()
    {
        return $this->get('config_language_catalog', $this->get('config_language', 'en-gb'));
    }
}
